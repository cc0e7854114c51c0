"""Which administrators are tied, so that neither is the second pair of eyes of the other (docs/adr/0080)."""

import audit.guards
import pgtrigger.compiler
import pgtrigger.migrations
from django.db import migrations

#: Whether, within 30 days before an instant, one of two people opened the other's way into Jejak.
TIED = """
CREATE FUNCTION jejak_are_tied(one bigint, other bigint, at timestamptz) RETURNS boolean
LANGUAGE sql STABLE SET search_path = pg_catalog, public, pg_temp AS $$
    SELECT EXISTS (
        SELECT FROM (VALUES (one, other), (other, one)) pair(doer, person)
        WHERE EXISTS (
            SELECT FROM audit_event
            WHERE object_type = 'accounts.User' AND object_id = pair.person::text AND actor_id = pair.doer
              AND action IN (
                  'person.invited', 'person.invited_again', 'person.address_changed', 'person.reactivated')
              AND occurred_at > at - interval '30 days'
        ) OR EXISTS (
            SELECT FROM accounts_rightsrequest
            WHERE person_id = pair.person AND asked_by_id = pair.doer
              AND outcome = 'granted' AND decided_at > at - interval '30 days'
        ) OR EXISTS (
            SELECT FROM accounts_lostdevice
            WHERE person_id = pair.person AND asked_by_id = pair.doer
              AND outcome = 'granted' AND decided_at > at - interval '30 days'
        )
    )
$$
"""


class Migration(migrations.Migration):

    #: It may ask and grant as before; where two are tied, its grant of a lost device is refused.
    version_before = "grants between administrators who are tied end in an error page until it is replaced"

    dependencies = [
        ('accounts', '0009_rights_requests'),
        ('audit', '0004_vouched_rows'),
    ]

    operations = [
        migrations.RunSQL(TIED, "DROP FUNCTION jejak_are_tied(bigint, bigint, timestamptz)"),
        pgtrigger.migrations.AddTrigger(
            model_name='lostdevice',
            trigger=pgtrigger.compiler.Trigger(name='lostdevice_second_eyes', sql=audit.guards.StrictTriggerSql(func="\n        IF (NEW.outcome <> 'granted' OR NEW.decided_by_id IS NULL OR NOT jejak_are_tied(NEW.decided_by_id, NEW.asked_by_id, NEW.decided_at)) IS NOT TRUE THEN\n            RAISE EXCEPTION 'jejak: % refuses this row (%)', TG_TABLE_NAME, 'second_eyes';\n        END IF;\n        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;\n        RETURN NEW;\n    ", hash='33adda5241d13567317b98f1d41346d862b42b15', operation='UPDATE', pgid='pgtrigger_lostdevice_second_eyes_e5892', table='accounts_lostdevice', when='BEFORE')),
        ),
    ]
