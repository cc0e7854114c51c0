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
            functions=[('jejak_delete_cycle', '27d31c945f6233aacaf4674f04bc37416c307987da315965636d10c92ab81b60')],
        ),
    ]
