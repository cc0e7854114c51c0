from django.db import migrations

from audit.past import KeepPast

CYCLE = (
    "window_start",
    "window_end",
    "interim_on",
    "submission_on",
    "cadence_days",
    "due_soon_days",
    "stale_after_days",
    "closed_at",
)
ASSIGNMENT = ("item_id", "agency_id", "role", "stage", "due_on", "cadence_days", "next_due_on")


class Migration(migrations.Migration):
    """From here on the database keeps the past of whatever an as-at answer reads."""

    dependencies = [("recommendations", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        KeepPast("recommendations_cycle", "recommendations_cycleversion", key="cycle_id", columns=CYCLE),
        KeepPast(
            "recommendations_item",
            "recommendations_itemversion",
            key="item_id",
            columns=("text_ms", "text_en", "pillar"),
        ),
        KeepPast(
            "recommendations_itemlink",
            "recommendations_itemlinkversion",
            key="link_id",
            columns=("weakness_id", "answer_id"),
        ),
        KeepPast(
            "recommendations_assignment",
            "recommendations_assignmentversion",
            key="assignment_id",
            columns=ASSIGNMENT,
        ),
    ]
