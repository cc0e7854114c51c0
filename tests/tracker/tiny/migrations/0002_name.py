from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("tiny", "0001_thing")]
    operations = [
        migrations.CreateModel("Other", [("id", models.BigAutoField(primary_key=True))]),
        migrations.AddField("thing", "name", models.TextField(null=True)),
    ]
