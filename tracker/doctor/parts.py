"""All parts that the doctor looks at, in the order of its lines."""

from collections.abc import Iterator

from tracker.doctor import addresses, backups, database, machine, names, people, services
from tracker.doctor.commands import DOCTOR
from tracker.doctor.looking import UNSEEN, ConditionReport, Diagnosis, Examination, examine


def examine_all(*, is_owner_meant: bool) -> Iterator[Diagnosis]:
    """Yield what is said of each part.

    `is_owner_meant` says that this process knows the owner's address on purpose. Such a process need not reach what people
    and the web reach, so it judges the database alone.
    """
    owner = database.Owner(is_meant=is_owner_meant)
    of_database = [
        Examination("TLS of the database", database.look_at_tls),
        Examination("checksums", database.look_at_checksums, asks_database=True),
        Examination("clocks", database.look_at_clocks, asks_database=True),
        Examination("migrations", database.look_at_migrations, asks_database=True),
        Examination("web role", database.look_at_web_role, asks_database=True),
        Examination("history", database.look_at_history, asks_database=True),
        Examination("owner's role", owner.look_at_role, asks_database=True),
        Examination("functions", owner.look_at_functions, asks_database=True),
        Examination("owner's address", owner.look_at_address),
        Examination("secret key", database.look_at_seals, asks_database=True),
    ]
    others = [Examination("all else", _leave_to_web)] if is_owner_meant else _OTHERS
    return examine(Examination("database", database.look_at_server), [*of_database, *others])


def _leave_to_web() -> ConditionReport:
    return (
        UNSEEN,
        f"Addresses, services, files and people are seen from where the pages are made: `{DOCTOR}`.",
    )


_OTHERS = (
    Examination("settings", names.look_at_names),
    Examination("addresses", addresses.look_at_names),
    Examination("https", addresses.look_at_https),
    Examination("certificate", addresses.look_at_certificate),
    Examination("site", addresses.look_at_site),
    Examination("mail", services.look_at_mail),
    Examination("broker", services.look_at_broker),
    Examination("beat", services.look_at_beat, asks_database=True),
    Examination("queues", services.look_at_queues, asks_database=True),
    Examination("anchors", services.look_at_anchors, asks_database=True),
    Examination("scanner", services.look_at_scanner),
    Examination("room", machine.look_at_room),
    Examination("files", machine.look_at_rights),
    Examination("sandbox", machine.look_at_sandbox),
    Examination("backups", backups.look_at_backups, asks_database=True),
    Examination("administrator", people.look_at_administrators, asks_database=True),
)
