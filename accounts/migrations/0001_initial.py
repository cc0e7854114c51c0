import audit.functions
import audit.guards
import django.core.serializers.json
import django.db.models.deletion
import django.db.models.functions.text
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0001_initial'),
    ]

    operations = [
        audit.functions.LoadFunctions(
            functions=[('jejak_are_tied', 'db8485fefef847fbaa184b30d796bf751e715c31540390478c398d9ef3cb8721')],
        ),
        migrations.CreateModel(
            name='AskedMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('task', models.CharField(max_length=100)),
                ('facts', models.JSONField(encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('asked_at', models.DateTimeField()),
                ('next_attempt_at', models.DateTimeField(db_index=True)),
                ('attempts_count', models.PositiveSmallIntegerField(default=0)),
                ('given_up_at', models.DateTimeField(null=True)),
            ],
            options={
                'triggers': [audit.guards.InstalledGuard('asked_mail_vouched', 'accounts_askedmail', 'BEFORE INSERT OR UPDATE OF task, facts', 'guard_vouched()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='SharedCacheRow',
            fields=[
                ('cache_key', models.CharField(max_length=255, primary_key=True, serialize=False)),
                ('value', models.TextField()),
                ('expires', models.DateTimeField(db_index=True)),
            ],
            options={
                'db_table': 'jejak_cache',
            },
        ),
        migrations.CreateModel(
            name='Agency',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=20, unique=True, verbose_name='code')),
                ('name_ms', models.CharField(max_length=200, verbose_name='name in Malay')),
                ('name_en', models.CharField(max_length=200, verbose_name='name in English')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('place', models.CharField(choices=[('JHR', 'Johor'), ('KDH', 'Kedah'), ('KTN', 'Kelantan'), ('MLK', 'Melaka'), ('NSN', 'Negeri Sembilan'), ('PHG', 'Pahang'), ('PRK', 'Perak'), ('PLS', 'Perlis'), ('PNG', 'Pulau Pinang'), ('SBH', 'Sabah'), ('SWK', 'Sarawak'), ('SGR', 'Selangor'), ('TRG', 'Terengganu'), ('KUL', 'Federal Territory of Kuala Lumpur'), ('LBN', 'Federal Territory of Labuan'), ('PJY', 'Federal Territory of Putrajaya')], default='PJY', max_length=3, verbose_name='state or federal territory')),
                ('shared_mailbox', models.EmailField(blank=True, max_length=254, verbose_name='shared mailbox')),
            ],
            options={
                'verbose_name': 'agency',
                'verbose_name_plural': 'agencies',
                'ordering': ['code'],
                'constraints': [models.CheckConstraint(condition=models.Q(('place__in', ['JHR', 'KDH', 'KTN', 'MLK', 'NSN', 'PHG', 'PRK', 'PLS', 'PNG', 'SBH', 'SWK', 'SGR', 'TRG', 'KUL', 'LBN', 'PJY'])), name='agency_place_is_known')],
                'triggers': [audit.guards.InstalledGuard('agency_no_delete', 'accounts_agency', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('agency_past', 'accounts_agency', 'AFTER INSERT OR DELETE', "keep_past('accounts_agencyversion', 'agency_id', 'code', 'name_ms', 'name_en', 'is_active')", at_once=True), audit.guards.InstalledGuard('agency_past_change', 'accounts_agency', 'AFTER UPDATE', "keep_past('accounts_agencyversion', 'agency_id', 'code', 'name_ms', 'name_en', 'is_active')", condition='(OLD.id, OLD.code, OLD.name_ms, OLD.name_en, OLD.is_active) IS DISTINCT FROM (NEW.id, NEW.code, NEW.name_ms, NEW.name_en, NEW.is_active)', at_once=True), audit.guards.InstalledGuard('agency_past_whole', 'accounts_agency', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('name', models.CharField(max_length=150, verbose_name='name')),
                ('email', models.EmailField(max_length=254, unique=True, verbose_name='official e-mail')),
                ('role', models.CharField(choices=[('officer', 'Officer'), ('coordinator', 'Coordinator'), ('reviewer', 'MAPO reviewer'), ('administrator', 'MAPO administrator'), ('observer', 'Observer')], max_length=20, verbose_name='role')),
                ('clearance', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')], verbose_name='clearance')),
                ('language', models.CharField(choices=[('ms', 'Bahasa Melayu'), ('en', 'English')], default='ms', max_length=2, verbose_name='language')),
                ('place', models.CharField(blank=True, choices=[('JHR', 'Johor'), ('KDH', 'Kedah'), ('KTN', 'Kelantan'), ('MLK', 'Melaka'), ('NSN', 'Negeri Sembilan'), ('PHG', 'Pahang'), ('PRK', 'Perak'), ('PLS', 'Perlis'), ('PNG', 'Pulau Pinang'), ('SBH', 'Sabah'), ('SWK', 'Sarawak'), ('SGR', 'Selangor'), ('TRG', 'Terengganu'), ('KUL', 'Federal Territory of Kuala Lumpur'), ('LBN', 'Federal Territory of Labuan'), ('PJY', 'Federal Territory of Putrajaya')], max_length=3, verbose_name='state or federal territory')),
                ('post', models.CharField(blank=True, max_length=100, verbose_name='post')),
                ('unit', models.CharField(blank=True, max_length=100, verbose_name='unit')),
                ('telephone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('is_active', models.BooleanField(default=True, verbose_name='active')),
                ('is_acting', models.BooleanField(default=False, verbose_name='acts for the agency')),
                ('invited_at', models.DateTimeField(blank=True, null=True)),
                ('joined_at', models.DateTimeField(blank=True, null=True)),
                ('signed_in_at', models.DateTimeField(blank=True, null=True)),
                ('deactivated_at', models.DateTimeField(blank=True, null=True)),
                ('sessions_number', models.PositiveIntegerField(default=0)),
                ('invited_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='invitees', to=settings.AUTH_USER_MODEL)),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='people', to='accounts.agency', verbose_name='agency')),
            ],
            options={
                'verbose_name': 'person',
                'verbose_name_plural': 'people',
                'ordering': ['name', 'pk'],
                'triggers': [audit.guards.InstalledGuard('user_no_delete', 'accounts_user', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('user_past', 'accounts_user', 'AFTER INSERT OR DELETE', "keep_past('accounts_posting', 'user_id', 'agency_id', 'role', 'clearance', 'is_active', 'is_acting')", at_once=True), audit.guards.InstalledGuard('user_past_change', 'accounts_user', 'AFTER UPDATE', "keep_past('accounts_posting', 'user_id', 'agency_id', 'role', 'clearance', 'is_active', 'is_acting')", condition='(OLD.id, OLD.agency_id, OLD.role, OLD.clearance, OLD.is_active, OLD.is_acting) IS DISTINCT FROM (NEW.id, NEW.agency_id, NEW.role, NEW.clearance, NEW.is_active, NEW.is_acting)', at_once=True), audit.guards.InstalledGuard('user_past_whole', 'accounts_user', 'BEFORE TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='AgencyVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('code', models.CharField(max_length=20)),
                ('name_ms', models.CharField(max_length=200)),
                ('name_en', models.CharField(max_length=200)),
                ('is_active', models.BooleanField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='versions', to='accounts.agency')),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['agency', 'began_at'], name='agencyversion_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('agency',), name='agencyversion_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='agencyversion_past_order')],
                'triggers': [audit.guards.InstalledGuard('agencyversion_past_guard', 'accounts_agencyversion', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('agencyversion_no_delete', 'accounts_agencyversion', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='KnownDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('token_hash', models.CharField(max_length=64)),
                ('user_agent', models.CharField(blank=True, max_length=300)),
                ('address', models.GenericIPAddressField(null=True)),
                ('first_used_at', models.DateTimeField()),
                ('last_used_at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-last_used_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='FailedSignIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('account', models.CharField(max_length=64)),
                ('network', models.CharField(max_length=45)),
                ('at', models.DateTimeField()),
                ('is_consecutive', models.BooleanField(default=True)),
                ('is_told', models.BooleanField(default=False)),
                ('device', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, to='accounts.knowndevice')),
            ],
        ),
        migrations.CreateModel(
            name='LostDevice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('reason', models.CharField(max_length=500)),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Granted'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lost_devices', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'abstract': False,
                'triggers': [audit.guards.InstalledGuard('lostdevice_no_delete', 'accounts_lostdevice', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('lostdevice_kept', 'accounts_lostdevice', 'BEFORE UPDATE', "guard_refuse_row('lostdevice_kept')", condition='(OLD.person_id, OLD.reason, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.person_id, NEW.reason, NEW.asked_by_id, NEW.asked_at)'), audit.guards.InstalledGuard('lostdevice_settled', 'accounts_lostdevice', 'BEFORE UPDATE', "guard_refuse_row('lostdevice_settled')", condition='OLD.decided_at IS NOT NULL AND (OLD.decided_at, OLD.decided_by_id, OLD.outcome) IS DISTINCT FROM (NEW.decided_at, NEW.decided_by_id, NEW.outcome)'), audit.guards.InstalledGuard('lostdevice_is_now', 'accounts_lostdevice', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'decided_at')"), audit.guards.InstalledGuard('lostdevice_second_eyes', 'accounts_lostdevice', 'BEFORE UPDATE', "guard_refuse_row('second_eyes')", condition="(NEW.outcome <> 'granted' OR NEW.decided_by_id IS NULL OR NOT jejak_are_tied(NEW.decided_by_id, NEW.asked_by_id, NEW.decided_at)) IS NOT TRUE")],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('began_at', models.DateTimeField(editable=False, verbose_name='From')),
                ('ended_at', models.DateTimeField(editable=False, null=True, verbose_name='Until')),
                ('role', models.CharField(choices=[('officer', 'Officer'), ('coordinator', 'Coordinator'), ('reviewer', 'MAPO reviewer'), ('administrator', 'MAPO administrator'), ('observer', 'Observer')], max_length=20)),
                ('clearance', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')])),
                ('is_active', models.BooleanField()),
                ('is_acting', models.BooleanField()),
                ('agency', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='postings', to='accounts.agency')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.DO_NOTHING, related_name='postings', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'abstract': False,
                'indexes': [models.Index(fields=['user', 'began_at'], name='posting_past_time')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('user',), name='posting_past_now'), models.CheckConstraint(condition=models.Q(('ended_at__gte', models.F('began_at'))), name='posting_past_order')],
                'triggers': [audit.guards.InstalledGuard('posting_past_guard', 'accounts_posting', 'BEFORE INSERT OR UPDATE', 'past_guard()'), audit.guards.InstalledGuard('posting_no_delete', 'accounts_posting', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT')],
            },
        ),
        migrations.CreateModel(
            name='ProviderAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=255)),
                ('subject', models.CharField(max_length=255)),
                ('connected_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provider_accounts', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['pk'],
                'triggers': [audit.guards.InstalledGuard('provideraccount_no_delete', 'accounts_provideraccount', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('provideraccount_kept', 'accounts_provideraccount', 'BEFORE UPDATE', "guard_refuse_row('provideraccount_kept')", condition='(OLD.person_id, OLD.issuer, OLD.subject, OLD.connected_at) IS DISTINCT FROM (NEW.person_id, NEW.issuer, NEW.subject, NEW.connected_at)'), audit.guards.InstalledGuard('provideraccount_settled', 'accounts_provideraccount', 'BEFORE UPDATE', "guard_refuse_row('provideraccount_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id)'), audit.guards.InstalledGuard('provideraccount_is_now', 'accounts_provideraccount', 'BEFORE INSERT OR UPDATE', "guard_present('connected_at', 'ended_at')")],
            },
        ),
        migrations.CreateModel(
            name='RightsRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('asked_at', models.DateTimeField()),
                ('decided_at', models.DateTimeField(null=True)),
                ('role', models.CharField(choices=[('officer', 'Officer'), ('coordinator', 'Coordinator'), ('reviewer', 'MAPO reviewer'), ('administrator', 'MAPO administrator'), ('observer', 'Observer')], max_length=20)),
                ('clearance', models.PositiveSmallIntegerField(choices=[(0, 'Open'), (1, 'Restricted'), (2, 'Confidential'), (3, 'Secret'), (4, 'Top secret')])),
                ('is_activating', models.BooleanField()),
                ('reason', models.TextField(verbose_name='reason')),
                ('outcome', models.CharField(blank=True, choices=[('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn')], max_length=10)),
                ('decision_reason', models.TextField(blank=True)),
                ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='rights_requests', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['-asked_at', '-pk'],
                'abstract': False,
                'triggers': [audit.guards.InstalledGuard('rights_no_delete', 'accounts_rightsrequest', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('rights_kept', 'accounts_rightsrequest', 'BEFORE UPDATE', "guard_refuse_row('rights_kept')", condition='(OLD.person_id, OLD.role, OLD.clearance, OLD.is_activating, OLD.reason, OLD.asked_by_id, OLD.asked_at) IS DISTINCT FROM (NEW.person_id, NEW.role, NEW.clearance, NEW.is_activating, NEW.reason, NEW.asked_by_id, NEW.asked_at)'), audit.guards.InstalledGuard('rights_settled', 'accounts_rightsrequest', 'BEFORE UPDATE', "guard_refuse_row('rights_settled')", condition='OLD.decided_at IS NOT NULL AND (OLD.decided_at, OLD.decided_by_id, OLD.outcome, OLD.decision_reason) IS DISTINCT FROM (NEW.decided_at, NEW.decided_by_id, NEW.outcome, NEW.decision_reason)'), audit.guards.InstalledGuard('rights_is_now', 'accounts_rightsrequest', 'BEFORE INSERT OR UPDATE', "guard_present('asked_at', 'decided_at')"), audit.guards.InstalledGuard('rights_acts', 'accounts_rightsrequest', 'AFTER INSERT OR UPDATE', "guard_acted('asked_by_id', 'decided_by_id')", condition='NEW.asked_by_id IS NOT NULL OR NEW.decided_by_id IS NOT NULL'), audit.guards.InstalledGuard('rights_second_eyes', 'accounts_rightsrequest', 'BEFORE UPDATE', "guard_refuse_row('second_eyes')", condition='(NEW.decided_by_id IS NULL OR NOT jejak_are_tied(NEW.decided_by_id, NEW.asked_by_id, NEW.decided_at)) IS NOT TRUE')],
            },
        ),
        migrations.CreateModel(
            name='StandIn',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('from_on', models.DateField(verbose_name='from')),
                ('until_on', models.DateField(verbose_name='until')),
                ('named_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('absent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='stand_ins', to=settings.AUTH_USER_MODEL, verbose_name='who is away')),
                ('colleague', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='standing_in', to=settings.AUTH_USER_MODEL, verbose_name='who stands in')),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('named_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['from_on', 'pk'],
                'triggers': [audit.guards.InstalledGuard('standin_no_delete', 'accounts_standin', 'BEFORE DELETE OR TRUNCATE', 'guard_refuse()', each='STATEMENT'), audit.guards.InstalledGuard('standin_kept', 'accounts_standin', 'BEFORE UPDATE', "guard_refuse_row('standin_kept')", condition='(OLD.absent_id, OLD.colleague_id, OLD.from_on, OLD.until_on, OLD.named_by_id, OLD.named_at) IS DISTINCT FROM (NEW.absent_id, NEW.colleague_id, NEW.from_on, NEW.until_on, NEW.named_by_id, NEW.named_at)'), audit.guards.InstalledGuard('standin_settled', 'accounts_standin', 'BEFORE UPDATE', "guard_refuse_row('standin_settled')", condition='OLD.ended_at IS NOT NULL AND (OLD.ended_at, OLD.ended_by_id) IS DISTINCT FROM (NEW.ended_at, NEW.ended_by_id)'), audit.guards.InstalledGuard('standin_is_now', 'accounts_standin', 'BEFORE INSERT OR UPDATE', "guard_present('named_at', 'ended_at')")],
            },
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('email', django.db.models.functions.text.Lower('email'))), name='user_email_is_lower_case'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['officer', 'coordinator', 'reviewer', 'administrator', 'observer'])), name='user_role_is_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('clearance__in', [0, 1, 2, 3, 4])), name='user_clearance_is_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('is_acting', False), models.Q(('is_active', True), ('role__in', ('officer', 'coordinator'))), _connector='OR'), name='user_acting_is_an_active_officer'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('place__in', ['JHR', 'KDH', 'KTN', 'MLK', 'NSN', 'PHG', 'PRK', 'PLS', 'PNG', 'SBH', 'SWK', 'SGR', 'TRG', 'KUL', 'LBN', 'PJY', ''])), name='user_place_is_known'),
        ),
        migrations.AddConstraint(
            model_name='knowndevice',
            constraint=models.UniqueConstraint(fields=('person', 'token_hash'), name='known_device_is_one_row'),
        ),
        migrations.AddIndex(
            model_name='failedsignin',
            index=models.Index(fields=['account', 'at'], name='failed_sign_in_account'),
        ),
        migrations.AddIndex(
            model_name='failedsignin',
            index=models.Index(fields=['network', 'at'], name='failed_sign_in_network'),
        ),
        migrations.AddIndex(
            model_name='failedsignin',
            index=models.Index(fields=['at'], name='failed_sign_in_at'),
        ),
        migrations.AddConstraint(
            model_name='lostdevice',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', models.F('person')), _negated=True), name='lost_device_asked_by_another'),
        ),
        migrations.AddConstraint(
            model_name='lostdevice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['granted', 'withdrawn'])), _connector='OR'), name='lost_device_outcome_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='lostdevice',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome', 'granted'), _negated=True), models.Q(models.Q(('decided_by', models.F('asked_by')), _negated=True), models.Q(('decided_by', models.F('person')), _negated=True)), _connector='OR'), name='lost_device_granted_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='provideraccount',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('issuer', 'subject'), name='provider_account_is_one_persons'),
        ),
        migrations.AddConstraint(
            model_name='provideraccount',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('person',), name='provider_account_is_a_persons_only_one'),
        ),
        migrations.AddConstraint(
            model_name='provideraccount',
            constraint=models.CheckConstraint(condition=models.Q(('subject', ''), _negated=True), name='provider_account_has_a_subject'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.UniqueConstraint(condition=models.Q(('decided_at', None)), fields=('person',), name='rights_asked_once_at_a_time'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(('asked_by', models.F('person')), _negated=True), name='rights_asked_by_another'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('outcome', '')), models.Q(('decided_at__isnull', False), ('decided_by__isnull', False), ('outcome__in', ['granted', 'refused', 'withdrawn'])), _connector='OR'), name='rights_outcome_is_whole'),
        ),
        migrations.AddConstraint(
            model_name='rightsrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('outcome__in', ['granted', 'refused']), _negated=True), models.Q(models.Q(('decided_by', models.F('asked_by')), _negated=True), models.Q(('decided_by', models.F('person')), _negated=True)), _connector='OR'), name='rights_decided_by_a_third'),
        ),
        migrations.AddConstraint(
            model_name='standin',
            constraint=models.CheckConstraint(condition=models.Q(('from_on__lte', models.F('until_on'))), name='stand_in_days_in_order'),
        ),
        migrations.AddConstraint(
            model_name='standin',
            constraint=models.CheckConstraint(condition=models.Q(('absent', models.F('colleague')), _negated=True), name='stand_in_is_somebody_else'),
        ),
    ]
