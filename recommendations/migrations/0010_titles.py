from django.db import migrations, models

from audit.past import KeepPast

ITEM = ("recommendations_item", "recommendations_itemversion")
COLUMNS = ("text_ms", "text_en", "pillar", "divergence_ms", "divergence_en")
FORMER = KeepPast(*ITEM, key="item_id", columns=COLUMNS)

#: Both languages, or neither.
IN_BOTH = models.Q(title_ms="", title_en="") | (~models.Q(title_ms="") & ~models.Q(title_en=""))


def _title(**options):
    return models.CharField(max_length=70, blank=True, db_default="", **options)


class Migration(migrations.Migration):
    """Items get MAPO's short titles, empty until a cycle file or an administrator gives them, and their past is kept."""

    dependencies = [
        ("recommendations", "0008_planned_steps"),
        ("recommendations", "0009_review_returns"),
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.RunSQL(FORMER.reverse_sql, FORMER.sql),
        migrations.AddField(model_name="item", name="title_ms", field=_title(default="")),
        migrations.AddField(model_name="item", name="title_en", field=_title(default="")),
        migrations.AddField(model_name="itemversion", name="title_ms", field=_title()),
        migrations.AddField(model_name="itemversion", name="title_en", field=_title()),
        migrations.AddConstraint(
            model_name="item",
            constraint=models.CheckConstraint(condition=IN_BOTH, name="item_title_in_both_languages"),
        ),
        KeepPast(*ITEM, key="item_id", columns=(*COLUMNS, "title_ms", "title_en")),
    ]
