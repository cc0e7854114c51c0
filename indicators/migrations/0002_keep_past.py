from django.db import migrations

from audit.past import KeepPast

INDICATOR = (
    *("name_ms", "name_en", "is_own_name_ms", "is_own_name_en", "unit", "basis_ms", "basis_en", "pillar"),
    *("agency_id", "is_stock", "counts_victims", "is_active", "position"),
)


class Migration(migrations.Migration):
    """From here on the database keeps the past of definitions, and of the items to which they speak."""

    dependencies = [("indicators", "0001_initial"), ("audit", "0001_initial")]

    operations = [
        KeepPast(
            "indicators_indicator", "indicators_indicatorversion", key="indicator_id", columns=INDICATOR
        ),
        KeepPast(
            "indicators_indicatoritem",
            "indicators_indicatoritemversion",
            key="link_id",
            columns=("indicator_id", "item_id"),
        ),
    ]
