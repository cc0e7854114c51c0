"""The database keeps figures as they were given."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest
from django.db import DatabaseError, IntegrityError, transaction

from indicators.models import Figure
from tests.factories.indicators import make_figure, make_indicator, make_series

pytestmark = pytest.mark.django_db


@pytest.fixture
def figure(now: datetime) -> Figure:
    return make_figure(make_series(make_indicator()), 420, now=now)


@pytest.mark.parametrize("change", [{"value": Decimal(421)}, {"text": "421"}, {"is_partial": True}])
def test_a_figure_is_never_overwritten(figure: Figure, change: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).update(**change)


def test_a_figure_is_never_deleted(figure: Figure) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        Figure.objects.filter(pk=figure.pk).delete()


def test_one_giver_has_one_standing_figure_for_a_period(figure: Figure, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(figure.series, 499, now=now)


def test_a_revision_replaces_a_figure_with_a_reason(figure: Figure, now: datetime) -> None:
    with pytest.raises(IntegrityError), transaction.atomic():
        make_figure(figure.series, 421, now=now, replaces=figure, ended_at=now)
    Figure.objects.filter(pk=figure.pk).update(ended_at=now)
    revised = make_figure(figure.series, 421, now=now, replaces=figure, reason="Dikira semula.")
    assert list(Figure.objects.standing()) == [revised]
