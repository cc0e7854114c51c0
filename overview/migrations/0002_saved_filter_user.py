import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The way back from a person to their filters goes: nobody takes it. Nothing in the database moves."""

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('overview', '0001_initial'),
    ]

    operations = [
        migrations.AlterField(
            model_name='savedfilter',
            name='user',
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL
            ),
        ),
    ]
