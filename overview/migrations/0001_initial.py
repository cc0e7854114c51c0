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
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=60, verbose_name='name')),
                ('query', models.CharField(max_length=1000)),
                ('kept_at', models.DateTimeField()),
                ('page', models.CharField(max_length=40)),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'db_table': 'recommendations_keptview',
                'ordering': ['name', 'id'],
                'abstract': False,
                'constraints': [models.UniqueConstraint(fields=('user', 'page', 'name'), name='kept_view_name_once'), models.CheckConstraint(condition=models.Q(('name', ''), _negated=True), name='kept_view_named')],
            },
        ),
    ]
