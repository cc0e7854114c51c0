"""The kinds of units, periods, checks and cells of the register of figures."""

from django.db import models
from django.utils.translation import pgettext_lazy


class Unit(models.TextChoices):
    """What an indicator counts."""

    PERSONS = "persons", pgettext_lazy("unit", "persons")
    CHARGES = "charges", pgettext_lazy("unit", "charges")
    CASES = "cases", pgettext_lazy("unit", "cases")
    CONVICTIONS = "convictions", pgettext_lazy("unit", "convictions")
    ARRESTS = "arrests", pgettext_lazy("unit", "arrests")
    INSPECTIONS = "inspections", pgettext_lazy("unit", "inspections")
    ORDERS = "orders", pgettext_lazy("unit", "orders")
    PERMITS = "permits", pgettext_lazy("unit", "permits")
    MEETINGS = "meetings", pgettext_lazy("unit", "meetings")
    COUNTRIES = "countries", pgettext_lazy("unit", "countries")
    RINGGIT = "ringgit", pgettext_lazy("unit", "RM")
    PERCENT = "percent", pgettext_lazy("unit", "per cent")


#: Units that are counted in hundredths; all others are whole numbers.
UNITS_WITH_PARTS = (Unit.RINGGIT, Unit.PERCENT)


class PeriodKind(models.TextChoices):
    """What a figure counts over. A day is the instant of a stock; a source may not state its period."""

    MONTH = "month", pgettext_lazy("period", "Month")
    QUARTER = "quarter", pgettext_lazy("period", "Quarter")
    YEAR = "year", pgettext_lazy("period", "Calendar year")
    WINDOW = "window", pgettext_lazy("period", "Assessment window")
    DAY = "day", pgettext_lazy("period", "Day")
    UNSTATED = "unstated", pgettext_lazy("period", "Period not stated")


class CheckKind(models.TextChoices):
    """What a check compares: its terms on the left with those on the right.

    SUM: the left ones add up to the right one. CHANGE: from left to right in per cent is the number printed. EQUAL: both
    sides are the same number. BOUND: the left side is at most the right one. BASIS: the two sides are counted on different
    bases, so that nobody can judge whether they agree.
    """

    SUM = "sum", pgettext_lazy("check", "Sum")
    CHANGE = "change", pgettext_lazy("check", "Change in per cent")
    EQUAL = "equal", pgettext_lazy("check", "Equality")
    BOUND = "bound", pgettext_lazy("check", "Bound")
    BASIS = "basis", pgettext_lazy("check", "Comparable basis")


class CheckOutcome(models.TextChoices):
    """What a check found for one period."""

    HOLDS = "holds", pgettext_lazy("check", "Holds")
    FAILS = "fails", pgettext_lazy("check", "Contradiction")
    UNJUDGED = "unjudged", pgettext_lazy("check", "Cannot be judged")


class Side(models.TextChoices):
    """On which side of a check a term stands."""

    LEFT = "left"
    RIGHT = "right"


CODE_LENGTH, NAME_LENGTH, BASIS_LENGTH, TEXT_LENGTH = 40, 200, 600, 40
#: The name of a cell holds two numbers of the database.
CELL_LENGTH = 40


#: An explanation of figures holds at most this many characters.
EXPLANATION_LENGTH = 2_000
