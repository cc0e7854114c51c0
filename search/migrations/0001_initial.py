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
    FOR EACH ROW EXECUTE FUNCTION search_keep();
CREATE TRIGGER search_keep_item AFTER UPDATE OF kind, number, text_ms, text_en, title_ms, title_en ON recommendations_item
    FOR EACH ROW EXECUTE FUNCTION search_keep();

CREATE TRIGGER search_keep_narrative AFTER INSERT ON recommendations_submission
    FOR EACH ROW EXECUTE FUNCTION search_keep();
CREATE TRIGGER search_keep_state AFTER UPDATE OF state ON recommendations_update
    FOR EACH ROW WHEN (NEW.state IN ('withdrawn', 'discarded')) EXECUTE FUNCTION search_keep();

CREATE TRIGGER search_keep_comment AFTER INSERT ON recommendations_comment
    FOR EACH ROW EXECUTE FUNCTION search_keep();

CREATE TRIGGER search_keep_document_new AFTER INSERT ON evidence_document
    FOR EACH ROW EXECUTE FUNCTION search_keep();
CREATE TRIGGER search_keep_document AFTER UPDATE ON evidence_document
    FOR EACH ROW WHEN (
        (OLD.sealed_at IS NULL) IS DISTINCT FROM (NEW.sealed_at IS NULL)
        OR (OLD.state = 'kept' OR OLD.frozen_at IS NOT NULL)
            IS DISTINCT FROM (NEW.state = 'kept' OR NEW.frozen_at IS NOT NULL)
    ) EXECUTE FUNCTION search_keep();
CREATE TRIGGER search_keep_text_new AFTER INSERT ON evidence_documenttext
    FOR EACH ROW WHEN (NEW.text <> '') EXECUTE FUNCTION search_keep();
CREATE TRIGGER search_keep_text AFTER UPDATE ON evidence_documenttext
    FOR EACH ROW WHEN (OLD.text IS DISTINCT FROM NEW.text) EXECUTE FUNCTION search_keep();
CREATE TRIGGER search_keep_identities AFTER UPDATE OF identities ON evidence_documenttext
    FOR EACH ROW WHEN (OLD.identities IS DISTINCT FROM NEW.identities) EXECUTE FUNCTION search_keep();

-- One trigger a table of words fills in each row that is written.
CREATE TRIGGER search_read BEFORE INSERT OR UPDATE ON search_itemwords
    FOR EACH ROW EXECUTE FUNCTION search_read();
CREATE TRIGGER search_read BEFORE INSERT OR UPDATE ON search_narrativewords
    FOR EACH ROW EXECUTE FUNCTION search_read();
CREATE TRIGGER search_read BEFORE INSERT OR UPDATE ON search_commentwords
    FOR EACH ROW EXECUTE FUNCTION search_read();
CREATE TRIGGER search_read BEFORE INSERT OR UPDATE ON search_documentwords
    FOR EACH ROW EXECUTE FUNCTION search_read();

CREATE TRIGGER search_keep_marked AFTER INSERT ON privacy_identitymark
    FOR EACH ROW EXECUTE FUNCTION search_keep();
"""
WORDS_BACK = """
DROP TRIGGER search_keep_marked ON privacy_identitymark;
DROP TRIGGER search_read ON search_documentwords;
DROP TRIGGER search_read ON search_commentwords;
DROP TRIGGER search_read ON search_narrativewords;
DROP TRIGGER search_read ON search_itemwords;
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
            functions=[('jejak_plain', 'a4ffb0c8e93f55a2ee31f85a7c3489a6f79836642f25443c531d5ceb36ecd56c'), ('jejak_american', '9efd75deeb2bcd96a772646be7e221d1820049e0aab9f6e574fdee2a4b9d9c47'), ('jejak_words', 'a07af6278cf2b1691d1e592c57b3ab5a5410acaf52e72221f12d24227153139a'), ('jejak_query', 'e62c429e19cb8496afe207e1de9026ca3197e248b6cd411c6ec1f2fd9c91d2e8'), ('search_words', 'ee8ca7361e7242aa2dfd0c58e6670522e599ebe1460c73e3b96b6156146abbba'), ('search_read', '73a3f270fed10bbb63ddc2ab35bfb1b540caa976207e3af8beac87954ce67ab2'), ('search_keep', 'c0d7c449dd6f4866ba5e5bd28993cc5a2915016921f4eab2d0990797d37e7e7b')],
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
