import audit.functions
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.contrib.postgres.search
import django.db.models.deletion
from django.db import migrations, models

STATISTICS = """
ALTER TABLE search_narrativewords ALTER COLUMN words SET STATISTICS 1000;
ALTER TABLE search_documentwords ALTER COLUMN words SET STATISTICS 1000;
ALTER TABLE search_commentwords ALTER COLUMN words SET STATISTICS 1000;
"""

WORDS = """
CREATE TRIGGER search_keep_item_new AFTER INSERT ON recommendations_item
    FOR EACH ROW EXECUTE FUNCTION search_keep_item();
CREATE TRIGGER search_keep_item AFTER UPDATE OF kind, number, text_ms, text_en, title_ms, title_en ON recommendations_item
    FOR EACH ROW EXECUTE FUNCTION search_keep_item();

CREATE TRIGGER search_keep_narrative AFTER INSERT ON recommendations_submission
    FOR EACH ROW EXECUTE FUNCTION search_keep_narrative();
CREATE TRIGGER search_keep_state AFTER UPDATE OF state ON recommendations_update
    FOR EACH ROW WHEN (
        (OLD.state IN ('withdrawn', 'discarded')) IS DISTINCT FROM (NEW.state IN ('withdrawn', 'discarded'))
    ) EXECUTE FUNCTION search_keep_state();

CREATE TRIGGER search_keep_comment AFTER INSERT ON recommendations_comment
    FOR EACH ROW EXECUTE FUNCTION search_keep_comment();

CREATE TRIGGER search_keep_document_new AFTER INSERT ON evidence_document
    FOR EACH ROW EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_document AFTER UPDATE ON evidence_document
    FOR EACH ROW WHEN (
        (OLD.sealed_at IS NULL) IS DISTINCT FROM (NEW.sealed_at IS NULL)
        OR (OLD.state = 'kept' OR OLD.frozen_at IS NOT NULL)
            IS DISTINCT FROM (NEW.state = 'kept' OR NEW.frozen_at IS NOT NULL)
    ) EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_text_new AFTER INSERT ON evidence_documenttext
    FOR EACH ROW WHEN (NEW.text <> '') EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_text AFTER UPDATE ON evidence_documenttext
    FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION search_keep_document();
CREATE TRIGGER search_keep_identities AFTER UPDATE OF identities ON evidence_documenttext
    FOR EACH ROW WHEN (OLD.identities IS DISTINCT FROM NEW.identities) EXECUTE FUNCTION search_keep_document();

-- One trigger a table of words fills in the rest of each row that is written.
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_itemwords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_narrativewords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_commentwords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();
CREATE TRIGGER search_hide_words BEFORE INSERT OR UPDATE ON search_documentwords
    FOR EACH ROW EXECUTE FUNCTION search_hide_words();

CREATE TRIGGER search_keep_marked AFTER INSERT ON privacy_identitymark
    FOR EACH ROW EXECUTE FUNCTION search_keep_marked();
"""
WORDS_BACK = """
DROP TRIGGER search_keep_marked ON privacy_identitymark;
DROP TRIGGER search_hide_words ON search_documentwords;
DROP TRIGGER search_hide_words ON search_commentwords;
DROP TRIGGER search_hide_words ON search_narrativewords;
DROP TRIGGER search_hide_words ON search_itemwords;
DROP TRIGGER search_keep_identities ON evidence_documenttext;
DROP TRIGGER search_keep_text ON evidence_documenttext;
DROP TRIGGER search_keep_text_new ON evidence_documenttext;
DROP TRIGGER search_keep_document ON evidence_document;
DROP TRIGGER search_keep_document_new ON evidence_document;
DROP TRIGGER search_keep_comment ON recommendations_comment;
DROP TRIGGER search_keep_state ON recommendations_update;
DROP TRIGGER search_keep_narrative ON recommendations_submission;
DROP TRIGGER search_keep_item ON recommendations_item;
DROP TRIGGER search_keep_item_new ON recommendations_item;
"""



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('accounts', '0001_initial'),
        ('audit', '0001_initial'),
        ('evidence', '0001_initial'),
        ('privacy', '0001_initial'),
        ('recommendations', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='CommentWords',
            fields=[
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('shown_words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('texts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), null=True, size=None)),
                ('marks', models.IntegerField(null=True)),
                ('comment', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='recommendations.comment')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_comment_words'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('shown_words__isnull', False)), fastupdate=False, fields=['shown_words'], name='search_comment_shown_words'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['texts'], name='search_comment_texts')],
            },
        ),
        migrations.CreateModel(
            name='ItemWords',
            fields=[
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('shown_words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('texts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), null=True, size=None)),
                ('marks', models.IntegerField(null=True)),
                ('item', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='recommendations.item')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_item_words'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('shown_words__isnull', False)), fastupdate=False, fields=['shown_words'], name='search_item_shown_words'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['texts'], name='search_item_texts')],
            },
        ),
        migrations.CreateModel(
            name='DocumentWords',
            fields=[
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('shown_words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('texts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), null=True, size=None)),
                ('marks', models.IntegerField(null=True)),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='search_words', serialize=False, to='evidence.document')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_document_words'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('shown_words__isnull', False)), fastupdate=False, fields=['shown_words'], name='search_document_shown_words'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['texts'], name='search_document_texts')],
            },
        ),
        migrations.CreateModel(
            name='NarrativeWords',
            fields=[
                ('words', django.contrib.postgres.search.SearchVectorField()),
                ('shown_words', django.contrib.postgres.search.SearchVectorField(null=True)),
                ('readers', django.contrib.postgres.fields.ArrayField(base_field=models.BigIntegerField(), null=True, size=None)),
                ('texts', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), null=True, size=None)),
                ('marks', models.IntegerField(null=True)),
                ('submission', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='words', serialize=False, to='recommendations.submission')),
                ('agency', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.agency')),
                ('item', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='recommendations.item')),
            ],
            options={
                'indexes': [django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['words'], name='search_narrative_words'), django.contrib.postgres.indexes.GinIndex(condition=models.Q(('shown_words__isnull', False)), fastupdate=False, fields=['shown_words'], name='search_narrative_shown_words'), django.contrib.postgres.indexes.GinIndex(fastupdate=False, fields=['texts'], name='search_narrative_texts')],
            },
        ),
        audit.functions.LoadFunctions(
            functions=[('jejak_plain', 'a4ffb0c8e93f55a2ee31f85a7c3489a6f79836642f25443c531d5ceb36ecd56c'), ('jejak_american', '9efd75deeb2bcd96a772646be7e221d1820049e0aab9f6e574fdee2a4b9d9c47'), ('jejak_words', 'a07af6278cf2b1691d1e592c57b3ab5a5410acaf52e72221f12d24227153139a'), ('jejak_long_words', '83a7468c362991c2c87f9066a89b0ce0d126c62234db5a408b486ea6aaf4aca3'), ('jejak_query', 'e62c429e19cb8496afe207e1de9026ca3197e248b6cd411c6ec1f2fd9c91d2e8'), ('jejak_excerpt', '28e6fc8060d2ff7b18b0edc17c89700002703a0ce3d3e69c77ece2d0ef205222'), ('search_digests', '62790669ac3bd3432b59b7bd09952b5a4506cab6c591e3d39b71a93277ccab44'), ('search_marks', '46dc8499183b1b2293f0bba9518a8d4398d901158b5ffc0a607ff1a0452127bb'), ('search_readers', 'f9cc586f19821a9bdd07c12521777a4b776a53de72e09a678ac399268ccc8192'), ('search_inside_document', '4c572d571a354089e15649edbf6a5a4b91a562425310f46a4d76871a87783b02'), ('search_words_of_document', 'ab2b85962ee645295c04956babc48af7a5008dabd3624069be7508576189b0fa'), ('search_words_of_item', '4ad8efce9f7499ae983be839bb69f9e7d6d59e69d4b303ac3b2536fb916e7a34'), ('search_hide_words', '61b840e2a1bd2b06e402e200c9685dd0a53ea3b5f9fd3e5a545c1454e34fa42c'), ('search_keep_item', '083b0c2b5272a9ca95b7215b70473a318c42b7ce7d5efb7dd9f80e00a27e6aee'), ('search_keep_narrative', '8e4bc93ea5547a4f170c7f1299226ea810b3bb26d11c3a80d3a3ce6b78ad3b4b'), ('search_keep_state', '24e321584bc949625cfb051a55a8db42cdfefb4f8edcc7a3620d2687273dffd1'), ('search_keep_comment', '04187bbab41dda920c8b0838bb4403e15a5da1b81004a6ba9fcbafcadd166a94'), ('search_keep_document', 'ed8b8dc674fde02ec7a8edaf92f0e2506aaad0374cb300873229e20ef546145c'), ('search_keep_marked', '4c2c46d3fc2bcd0aa941391f3fa5fa515eea5e5374e7c373ba763f84683ba785'), ('search_fill', '58507195e598c70a6afcc50efb7b414db6f2d860f9d05a0e29e6d8debeaa75ca'), ('jejak_delete_cycle_20_search', 'c8440be65eaeaa00720da899f4f8a8719f23bf20218db177fc49427bf5c405a2')],
        ),
        migrations.RunSQL(
            sql=STATISTICS,
            reverse_sql='',
        ),
        migrations.RunSQL(
            sql=WORDS,
            reverse_sql=WORDS_BACK,
        ),
    ]
