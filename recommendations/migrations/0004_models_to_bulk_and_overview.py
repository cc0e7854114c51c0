import pgtrigger.migrations
from django.db import migrations


#: Their names in the database hold a hash of the app's name, so `bulk` makes them again under its own.
_TRIGGERS = (
    ('bulkact', 'bulkact_no_delete'),
    ('bulkact', 'bulkact_kept'),
    ('bulkact', 'bulkact_settled'),
    ('bulkact', 'bulkact_done_at_is_now'),
    ('bulkact', 'bulkact_undone_at_is_now'),
    ('bulkstep', 'bulkstep_append_only'),
)


class Migration(migrations.Migration):
    """Hands BulkAct and BulkStep to the app `bulk`, and KeptView to `overview`. The tables stay as they are."""

    dependencies = [
        ('recommendations', '0003_steering'),
    ]

    operations = [
        *(pgtrigger.migrations.RemoveTrigger(model_name=model, name=name) for model, name in _TRIGGERS),
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.DeleteModel(name='BulkStep'),
                migrations.DeleteModel(name='BulkAct'),
                migrations.DeleteModel(name='KeptView'),
            ],
        ),
    ]
