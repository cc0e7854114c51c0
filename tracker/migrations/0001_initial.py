import audit.functions
from django.db import migrations



class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('audit', '0001_initial'),
        ('indicators', '0001_initial'),
        ('recommendations', '0001_initial'),
        ('reminders', '0001_initial'),
        ('search', '0001_initial'),
    ]

    operations = [
        audit.functions.LoadFunctions(
            functions=[('jejak_delete_cycle', '03f1f62890a7fa92cdc2790efe7372db9135a83a0951e74281fa692c2d92e790')],
        ),
    ]
