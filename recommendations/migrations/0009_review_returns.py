from django.db import migrations, models
from django.db.models import Q


class Migration(migrations.Migration):
    """Find what was returned between two days without reading every review."""

    dependencies = [("recommendations", "0008_divergence_past")]

    operations = [
        migrations.AddIndex(
            model_name="review",
            index=models.Index(
                condition=Q(("decision", "return")), fields=["assignment", "decided_at"], name="review_returns"
            ),
        ),
    ]
