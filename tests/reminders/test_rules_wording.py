"""Each rule says in sentences, in both languages, exactly what it does."""

from __future__ import annotations

from django.utils import translation

from reminders.kinds import CYCLE_KINDS, EVENT_KINDS, MAPO_KINDS, RULE_KINDS, ReminderKind
from reminders.rules.wording import describe_rule, when
from reminders.states import Audience
from tests.reminders.rules import values

SAID = [
    (
        {"first_days": -5},
        "5 working days before an update is due, the responsible officers are reminded.",
        "5 hari bekerja sebelum kemas kini perlu dihantar, pegawai bertanggungjawab diingatkan.",
    ),
    (
        {"first_days": 1, "every_days": 5, "coordinator_days": 3, "mapo_days": 10},
        "1 working day after an update was due, the responsible officers are reminded. It is repeated every 5 "
        "working days until it is done. After 3 working days, the coordinators of the agency are also told; after "
        "10 working days, MAPO is also told, and repeated as often.",
        "1 hari bekerja selepas kemas kini sepatutnya dihantar, pegawai bertanggungjawab diingatkan. Peringatan "
        "diulang setiap 5 hari bekerja sehingga selesai. Selepas 3 hari bekerja, penyelaras agensi turut "
        "dimaklumkan; selepas 10 hari bekerja, MAPO turut dimaklumkan, dan diulang dengan kekerapan yang sama.",
    ),
    (
        {"first_days": 0, "every_days": 1, "times": 4, "mapo_days": 0},
        "On the day on which an update is due, the responsible officers are reminded. It is repeated every working "
        "day until it is done, at most 4 more times. On the day itself, MAPO is also told, and repeated as often.",
        "Pada hari kemas kini perlu dihantar, pegawai bertanggungjawab diingatkan. Peringatan diulang setiap hari "
        "bekerja sehingga selesai, paling banyak 4 kali lagi. Pada hari itu sendiri, MAPO turut dimaklumkan, dan "
        "diulang dengan kekerapan yang sama.",
    ),
    (
        {"what": ReminderKind.RETURNED, "first_days": 0, "is_urgent": True},
        "On the day on which MAPO returns an update, the responsible officers are reminded. It is "
        "sent at once, outside the daily digest.",
        "Pada hari MAPO mengembalikan kemas kini, pegawai bertanggungjawab diingatkan. Peringatan "
        "dihantar serta-merta, di luar ringkasan harian.",
    ),
    (
        {"what": ReminderKind.INTERIM, "audience": Audience.COORDINATOR, "first_days": -10, "mapo_days": -3},
        "10 working days before the interim date, the coordinators of the agency are reminded, if it has something to "
        "complete. 3 working days before the date, MAPO is also told.",
        "10 hari bekerja sebelum tarikh interim, penyelaras agensi diingatkan jika masih ada yang belum diselesaikan. "
        "3 hari bekerja sebelum tarikh itu, MAPO turut dimaklumkan.",
    ),
]


def test_rule_says_what_it_does_in_both_languages() -> None:
    for changes, english, malay in SAID:
        with translation.override("en"):
            assert describe_rule(values(**changes)) == english, changes
        with translation.override("ms"):
            assert describe_rule(values(**changes)) == malay, changes


def test_every_date_has_words_wherever_a_rule_can_lie() -> None:
    for language in ("ms", "en"):
        for what in RULE_KINDS:
            sides = [0]
            if what not in EVENT_KINDS:
                sides.append(-2)
            if what not in CYCLE_KINDS:
                sides.append(2)
            with translation.override(language):
                said = {when(what, days) for days in sides}
                assert len(said) == len(sides), language
                assert all(said), language
                audience = Audience.MAPO if what in MAPO_KINDS else Audience.RESPONSIBLE
                assert describe_rule(values(what=what, audience=audience, first_days=0)).endswith(".")
