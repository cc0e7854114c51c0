import django.db.models.deletion
import django.db.models.functions.text
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models

import audit.guards
from audit.past import KeepPast


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        ("audit", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("code", models.CharField(max_length=20, unique=True, verbose_name="code")),
                ("name_ms", models.CharField(max_length=200, verbose_name="name in Malay")),
                ("name_en", models.CharField(max_length=200, verbose_name="name in English")),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
            ],
            options={
                "verbose_name": "agency",
                "verbose_name_plural": "agencies",
                "ordering": ["code"],
            },
        ),
        migrations.CreateModel(
            name="AgencyVersion",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(editable=False, verbose_name="From")),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="Until")),
                ("code", models.CharField(max_length=20)),
                ("name_ms", models.CharField(max_length=200)),
                ("name_en", models.CharField(max_length=200)),
                ("is_active", models.BooleanField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="Posting",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("began_at", models.DateTimeField(editable=False, verbose_name="From")),
                ("ended_at", models.DateTimeField(editable=False, null=True, verbose_name="Until")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("officer", "Officer"),
                            ("coordinator", "Coordinator"),
                            ("reviewer", "MAPO reviewer"),
                            ("administrator", "MAPO administrator"),
                            ("observer", "Observer"),
                        ],
                        max_length=20,
                    ),
                ),
                (
                    "clearance",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Open"),
                            (1, "Restricted"),
                            (2, "Confidential"),
                            (3, "Secret"),
                            (4, "Top secret"),
                        ]
                    ),
                ),
                ("is_active", models.BooleanField()),
                ("is_acting", models.BooleanField()),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="SharedCacheRow",
            fields=[
                ("cache_key", models.CharField(max_length=255, primary_key=True, serialize=False)),
                ("value", models.TextField()),
                ("expires", models.DateTimeField(db_index=True)),
            ],
            options={
                "db_table": "jejak_cache",
            },
        ),
        migrations.CreateModel(
            name="User",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("name", models.CharField(max_length=150, verbose_name="name")),
                ("email", models.EmailField(max_length=254, unique=True, verbose_name="official e-mail")),
                (
                    "role",
                    models.CharField(
                        choices=[
                            ("officer", "Officer"),
                            ("coordinator", "Coordinator"),
                            ("reviewer", "MAPO reviewer"),
                            ("administrator", "MAPO administrator"),
                            ("observer", "Observer"),
                        ],
                        max_length=20,
                        verbose_name="role",
                    ),
                ),
                (
                    "clearance",
                    models.PositiveSmallIntegerField(
                        choices=[
                            (0, "Open"),
                            (1, "Restricted"),
                            (2, "Confidential"),
                            (3, "Secret"),
                            (4, "Top secret"),
                        ],
                        verbose_name="clearance",
                    ),
                ),
                (
                    "language",
                    models.CharField(
                        choices=[("ms", "Bahasa Melayu"), ("en", "English")],
                        default="ms",
                        max_length=2,
                        verbose_name="language",
                    ),
                ),
                ("is_active", models.BooleanField(default=True, verbose_name="active")),
                ("is_acting", models.BooleanField(default=False, verbose_name="acts for the agency")),
                ("invited_at", models.DateTimeField(blank=True, null=True)),
                ("joined_at", models.DateTimeField(blank=True, null=True)),
                ("signed_in_at", models.DateTimeField(blank=True, null=True)),
                ("deactivated_at", models.DateTimeField(blank=True, null=True)),
                ("sessions_number", models.PositiveIntegerField(default=0)),
                (
                    "invited_by",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="invitees",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="people",
                        to="accounts.agency",
                        verbose_name="agency",
                    ),
                ),
            ],
            options={
                "verbose_name": "person",
                "verbose_name_plural": "people",
                "ordering": ["name", "pk"],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="agency",
            trigger=pgtrigger.compiler.Trigger(
                name="agency_no_delete",
                sql=audit.guards.StrictTriggerSql(
                    func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;",
                    hash="764c89d0328711fd27285e841b40bcd7bfb00a28",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_agency_no_delete_a1a98",
                    table="accounts_agency",
                    when="BEFORE",
                ),
            ),
        ),
        migrations.AddField(
            model_name="agencyversion",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="versions", to="accounts.agency"
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="agency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING, related_name="postings", to="accounts.agency"
            ),
        ),
        migrations.AddField(
            model_name="posting",
            name="user",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.DO_NOTHING,
                related_name="postings",
                to=settings.AUTH_USER_MODEL,
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("email", django.db.models.functions.text.Lower("email"))),
                name="user_email_is_lower_case",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("role__in", ["officer", "coordinator", "reviewer", "administrator", "observer"])
                ),
                name="user_role_is_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(("clearance__in", [0, 1, 2, 3, 4])), name="user_clearance_is_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="user",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("is_acting", False),
                    models.Q(("is_active", True), ("role__in", ("officer", "coordinator"))),
                    _connector="OR",
                ),
                name="user_acting_is_an_active_officer",
            ),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name="user",
            trigger=pgtrigger.compiler.Trigger(
                name="user_no_delete",
                sql=audit.guards.StrictTriggerSql(
                    func="RAISE EXCEPTION 'jejak: % is refused on %: its rows are kept', TG_OP, TG_TABLE_NAME;",
                    hash="4b54388d37677cc3fae5fb0344154877988c9a0f",
                    level="STATEMENT",
                    operation="DELETE OR TRUNCATE",
                    pgid="pgtrigger_user_no_delete_661e0",
                    table="accounts_user",
                    when="BEFORE",
                ),
            ),
        ),
        KeepPast(
            table="accounts_agency",
            version_table="accounts_agencyversion",
            key="agency_id",
            columns=("code", "name_ms", "name_en", "is_active"),
        ),
        KeepPast(
            table="accounts_user",
            version_table="accounts_posting",
            key="user_id",
            columns=("agency_id", "role", "clearance", "is_active", "is_acting"),
        ),
    ]
