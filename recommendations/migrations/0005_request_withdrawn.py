from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """A request may end by its agency withdrawing it."""

    dependencies = [
        ('recommendations', '0004_models_to_bulk_and_overview'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='assignmentrequest',
            name='request_answer_whole',
        ),
        migrations.AlterField(
            model_name='assignmentrequest',
            name='answer',
            field=models.CharField(blank=True, choices=[('granted', 'Granted'), ('refused', 'Refused'), ('withdrawn', 'Withdrawn by the agency')], max_length=10),
        ),
        migrations.AddConstraint(
            model_name='assignmentrequest',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None), ('answered_by', None)), models.Q(('answer__in', ['granted', 'refused', 'withdrawn']), ('answered_at__isnull', False), ('answered_by__isnull', False)), _connector='OR'), name='request_answer_whole'),
        ),
    ]
