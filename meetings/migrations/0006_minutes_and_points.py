"""Who was present at a meeting, and further kinds of points: items without action, differing verdicts, contradictions."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.contrib.postgres.operations import AddConstraintNotValid
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("meetings", "0005_acts_are_sealed"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    version_before = (
        "It writes no attendance, and only kinds of points that the wider rule knows: the new rules let all pass that it does."
    )

    operations = [
        migrations.RemoveConstraint(
            model_name="agendapoint",
            name="agenda_kind_known",
        ),
        migrations.AddField(
            model_name="meeting",
            name="attendance",
            field=models.TextField(blank=True, db_default="", verbose_name="present"),
        ),
        migrations.AlterField(
            model_name="agendapoint",
            name="kind",
            field=models.CharField(
                choices=[
                    ("earlier", "Decisions of earlier meetings"),
                    ("changed", "What changed since the last meeting"),
                    ("late", "Late updates by agency"),
                    ("waiting", "Updates that await MAPO"),
                    ("no_lead", "Items without a lead agency"),
                    ("no_action", "Items without action"),
                    ("requests", "Requests of agencies"),
                    ("returned", "Returned updates that were not sent again"),
                    ("held_back", "Items held back by supporting agencies"),
                    ("differing", "Verdicts that differ from the report"),
                    ("overridden", "Items whose status MAPO set"),
                    ("contradicts", "Contradictions in the figures"),
                    ("own", "Other matters"),
                ],
                max_length=12,
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="meeting",
            trigger=pgtrigger.compiler.Trigger(
                name="meeting_attendance_final",
                sql=audit.guards.StrictTriggerSql(
                    func="\n        IF OLD.state NOT IN ('announced', 'held') AND (OLD.attendance IS DISTINCT FROM NEW.attendance) THEN\n            RAISE EXCEPTION 'jejak: % refuses this change (%)', TG_TABLE_NAME, 'meeting_attendance_final';\n        END IF;\n        RETURN NEW;\n        ",
                    hash="f7bbb182b9e6c3d3d42618b1d3d27229e9af4a67",
                    operation="UPDATE",
                    pgid="pgtrigger_meeting_attendance_final_5ba5e",
                    table="meetings_meeting",
                    when="BEFORE",
                ),
            ),
        ),
        AddConstraintNotValid(
            model_name="agendapoint",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "kind__in",
                        [
                            "earlier",
                            "changed",
                            "late",
                            "waiting",
                            "no_lead",
                            "no_action",
                            "requests",
                            "returned",
                            "held_back",
                            "differing",
                            "overridden",
                            "contradicts",
                            "own",
                        ],
                    )
                ),
                name="agenda_kind_known",
            ),
        ),
    ]
