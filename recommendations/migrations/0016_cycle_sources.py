from django.db import migrations, models

from audit.past import KeepPast

CYCLE = ("recommendations_cycle", "recommendations_cycleversion")
COLUMNS = (
    "window_start",
    "window_end",
    "interim_on",
    "submission_on",
    "cadence_days",
    "due_soon_days",
    "stale_after_days",
    "closed_at",
)
FORMER = KeepPast(*CYCLE, key="cycle_id", columns=COLUMNS)

#: Nothing has changed these so far: what the cycle has now held in all its versions.
ALREADY = (
    "published_on",
    "tier_before_ms",
    "tier_before_en",
    "tier_after_ms",
    "tier_after_en",
    "source_ms",
    "source_en",
    "source_on",
)
SOURCES = ("submission_source_ms", "submission_source_en")
QUOTES = ("quote_ms", "quote_en")
_EACH = ", ".join(f"{name} = cycle.{name}" for name in ALREADY)
FILL = f"""
UPDATE recommendations_cycleversion version SET {_EACH}
FROM recommendations_cycle cycle WHERE cycle.id = version.cycle_id;
SET CONSTRAINTS ALL IMMEDIATE
"""  # noqa: S608 - the names are ours


def _line(length):
    return models.CharField(max_length=length, db_default="")


def _version(name, field):
    return migrations.AddField(model_name="cycleversion", name=name, field=field)


class Migration(migrations.Migration):
    """Cycles say where the date for information comes from; the past of tiers and sources is kept."""

    dependencies = [("recommendations", "0015_steps_without_owner"), ("audit", "0001_initial")]

    operations = [
        migrations.RunSQL(FORMER.reverse_sql, FORMER.sql),
        *(
            migrations.AddField(
                model_name="cycle",
                name=name,
                field=models.CharField(max_length=200, blank=True, default="", db_default=""),
            )
            for name in SOURCES
        ),
        *(
            migrations.AddField(
                model_name="cycle", name=name, field=models.TextField(blank=True, default="", db_default="")
            )
            for name in QUOTES
        ),
        *(_version(name, models.DateField(null=True)) for name in ("published_on", "source_on")),
        *(_version(name, _line(80)) for name in ALREADY if name.startswith("tier_")),
        *(_version(name, _line(200)) for name in ("source_ms", "source_en", *SOURCES)),
        *(_version(name, models.TextField(db_default="")) for name in QUOTES),
        migrations.RunSQL(FILL, migrations.RunSQL.noop),
        KeepPast(*CYCLE, key="cycle_id", columns=(*COLUMNS, *ALREADY, *SOURCES, *QUOTES)),
    ]
