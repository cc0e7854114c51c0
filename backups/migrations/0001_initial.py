import audit.guards
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Backup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('database', 'Database'), ('files', 'Files')], max_length=8)),
                ('began_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField()),
                ('exit_code', models.PositiveSmallIntegerField()),
                ('added_bytes', models.PositiveBigIntegerField(default=0, verbose_name='size')),
                ('label', models.CharField(blank=True, max_length=64)),
                ('recorded_at', models.DateTimeField()),
            ],
            options={
                'verbose_name': 'backup',
                'verbose_name_plural': 'backups',
                'indexes': [models.Index(fields=['kind', '-began_at'], name='backup_newest')],
                'constraints': [models.UniqueConstraint(fields=('kind', 'began_at'), name='backup_noted_once'), models.CheckConstraint(condition=models.Q(('kind__in', ['database', 'files'])), name='backup_kind_known'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='backup_ends_after_it_begins')],
                'triggers': [audit.guards.InstalledGuard('backup_append_only', 'backups_backup', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('backup_is_now', 'backups_backup', 'BEFORE INSERT OR UPDATE', "guard_present('recorded_at')"), audit.guards.InstalledGuard('backup_vouched', 'backups_backup', 'BEFORE INSERT OR UPDATE OF exit_code', 'guard_vouched()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='MailSwitch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('is_on', models.BooleanField()),
                ('server', models.BigIntegerField()),
                ('timeline', models.PositiveIntegerField()),
                ('decided_at', models.DateTimeField()),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'sending of e-mail',
                'verbose_name_plural': 'sending of e-mail',
                'triggers': [audit.guards.InstalledGuard('mailswitch_append_only', 'backups_mailswitch', 'BEFORE UPDATE OR DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('mailswitch_is_now', 'backups_mailswitch', 'BEFORE INSERT OR UPDATE', "guard_present('decided_at')"), audit.guards.InstalledGuard('mailswitch_vouched', 'backups_mailswitch', 'BEFORE INSERT OR UPDATE OF is_on', 'guard_vouched()', each='STATEMENT'), audit.guards.InstalledGuard('mailswitch_acts', 'backups_mailswitch', 'AFTER INSERT OR UPDATE', "guard_acted('decided_by_id')", condition='NEW.decided_by_id IS NOT NULL')],
            },
        ),
    ]
