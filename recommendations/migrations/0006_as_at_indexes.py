from django.db import migrations, models

#: An as-at answer takes the version that held from the index alone. `KeepPast` made it narrower, under the same name.
COVER_VERSIONS = """
DROP INDEX recommendations_assignmentversion_past_time;
CREATE INDEX recommendations_assignmentversion_past_time
    ON recommendations_assignmentversion (assignment_id, began_at)
    INCLUDE (ended_at, role, stage, due_on, next_due_on);
"""
UNCOVER_VERSIONS = """
DROP INDEX recommendations_assignmentversion_past_time;
CREATE INDEX recommendations_assignmentversion_past_time
    ON recommendations_assignmentversion (assignment_id, began_at);
"""


class Migration(migrations.Migration):
    """Let as-at answers read verdicts, updates and versions from indexes alone (docs/plans.md)."""

    dependencies = [
        ('recommendations', '0005_writers'),
    ]

    operations = [
        migrations.RemoveIndex(
            model_name='review',
            name='review_newest_verdict',
        ),
        migrations.RemoveIndex(
            model_name='update',
            name='update_newest_begun',
        ),
        migrations.AddIndex(
            model_name='review',
            index=models.Index(condition=models.Q(('decision', 'accept')), fields=['assignment', '-decided_at', '-id'], include=('status', 'percent', 'submission'), name='review_newest_verdict'),
        ),
        migrations.AddIndex(
            model_name='update',
            index=models.Index(fields=['assignment', '-created_at', '-id'], include=('closed_at',), name='update_newest_begun'),
        ),
        migrations.RunSQL(COVER_VERSIONS, UNCOVER_VERSIONS),
    ]
