"""Rows of sign-in, people, agencies and one's own account."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.usersessions.models import UserSession
from django.utils import timezone

from accounts.models import KnownDevice, LostDevice, RightsRequest, StandIn, User
from audit import clock
from tests.factories.accounts import World
from tests.factories.passkeys import make_passkey
from tests.matrix import (
    ADMINISTRATOR,
    ANONYMOUS,
    COORDINATOR,
    OFFICER,
    Row,
    absent,
    everybody,
    nobody,
    only,
    public,
)
from tests.vouching import acting

Kwargs = Callable[[World], dict[str, Any]]


def _person(pick: Callable[[World], User]) -> Kwargs:
    return lambda world: {"person_id": pick(world).pk}


def own(world: World) -> User:
    """The officer of the officer's own agency."""
    return world.people["officer"]


def foreign(world: World) -> User:
    """The officer of another agency."""
    return world.foreign_officer


def _reason(_world: World) -> dict[str, Any]:
    return {"reason": "Bertukar jabatan"}


def _agency_data(_world: World) -> dict[str, Any]:
    return {
        "code": "JKM",
        "name_ms": "Jabatan Kebajikan Masyarakat",
        "name_en": "Department of Social Welfare",
        "place": "PJY",
        "shared_mailbox": "peti@jkm.example",
    }


def _invitation(world: World) -> dict[str, Any]:
    return {
        "name": "Orang Baharu",
        "email": "baharu@agensi.example",
        "agency": world.own.pk,
        "role": "officer",
        "language": "ms",
        "delivery": "link",
    }


def _stand_in(target: str) -> Kwargs:
    """A stand-in of the officer of one's own agency, or of another one."""

    def kwargs(world: World) -> dict[str, Any]:
        absent, colleague = {
            "own": (own(world), world.people["coordinator"]),
            "foreign": (foreign(world), world.foreign_coordinator),
        }[target]
        made, _is_new = StandIn.objects.get_or_create(
            absent=absent,
            colleague=colleague,
            defaults={
                "from_on": clock.today(),
                "until_on": clock.today(),
                "named_by": absent,
                "named_at": clock.now(),
            },
        )
        return {"stand_in_id": made.pk}

    return kwargs


def _stand_in_data(pick: Callable[[World], User]) -> Callable[[World], dict[str, Any]]:
    days = {"from_on": "2023-10-02", "until_on": "2023-10-06"}
    return lambda world: {"colleague": pick(world).pk, **days}


def _passkey(pick: Callable[[World], User]) -> Kwargs:
    """A passkey, made for its own rows alone: whoever has one no longer signs in by the password."""
    return lambda world: {"factor_id": make_passkey(pick(world)).pk}


def furnish(world: World, now: object) -> None:
    """A session of the officer and one of a stranger, and an ask about the lost device of each."""
    for target, person in (("own", own(world)), ("foreign", foreign(world))):
        world.extra[f"{target}_ask"] = LostDevice.objects.create(
            person=person, reason="Hilang", asked_by=world.people[ADMINISTRATOR], asked_at=clock.now()
        )
    with acting(world.people[ADMINISTRATOR]):
        for target, person in (("own", own(world)), ("foreign", foreign(world))):
            world.extra[f"{target}_rights"] = RightsRequest.objects.create(
                person=person,
                role=person.role,
                clearance=2,
                is_activating=False,
                reason="Tugas baharu",
                asked_by=world.people[ADMINISTRATOR],
                asked_at=clock.now(),
            )
    for key, person in (("own_session", own(world)), ("foreign_session", foreign(world))):
        world.extra[key] = UserSession.objects.create(
            user=person, ip="127.0.0.1", user_agent="Firefox", session_key=key
        )
    for key, person in (("own_device", own(world)), ("foreign_device", foreign(world))):
        at = timezone.now()
        world.extra[key] = KnownDevice.objects.create(
            person=person, token_hash=key, user_agent="Firefox", first_used_at=at, last_used_at=at
        )


ADMIN = only(ADMINISTRATOR)
ADMIN_MOVES_ON = only(ADMINISTRATOR, answer=302)

PAGES = [
    Row("accounts:people", ADMIN),
    Row("accounts:lost_devices", ADMIN),
    Row("accounts:rights", ADMIN),
    Row("accounts:invite", ADMIN),
    Row("accounts:invite", ADMIN, method="post", data=_invitation),
    Row("accounts:invite_many", ADMIN),
    Row("accounts:invite_many", ADMIN, method="post"),
    Row("accounts:invite_many_template", ADMIN),
    Row("accounts:agencies", ADMIN),
    Row("accounts:add_agency", ADMIN),
    Row("accounts:add_agency", ADMIN_MOVES_ON, method="post", data=_agency_data),
    Row("accounts:my_account", everybody()),
    Row(
        "accounts:change_contact",
        everybody(302),
        method="post",
        data=lambda _world: {"post": "Penolong Pengarah"},
    ),
    Row("accounts:choose_place", everybody(302), method="post", data=lambda _world: {"place": "KTN"}),
    Row("accounts:sessions", everybody()),
    Row("accounts:end_other_sessions", everybody(302), method="post"),
    Row("accounts:second_factor", everybody()),
    *(
        Row(f"accounts:{name}", everybody(), method=method)
        for name in ("add_passkey", "add_app")
        for method in ("get", "post")
    ),
    # Nobody has codes that are still to be kept.
    Row("accounts:recovery_codes", nobody()),
    Row("accounts:recovery_codes", everybody(302), method="post"),
    Row("accounts:recovery_codes_file", nobody()),
    # Nothing waits.
    Row("accounts:go_on", everybody(302)),
    Row("accounts:make_codes", everybody(302), method="post"),
    Row("accounts:session_left", public()),
    Row("accounts:stay_signed_in", everybody(), method="post"),
    Row("accounts:remove_other_devices", everybody(302), method="post"),
    Row("accounts:set_language", public(302), method="post", data=lambda _world: {"language": "en"}),
]

SIGN_IN_PAGES = [
    Row("account_login", {**public(302), ANONYMOUS: 200}),
    Row("account_login", {**public(302), ANONYMOUS: 200}, method="post"),
    Row("account_inactive", public()),
    Row("account_logout", {**public(200), ANONYMOUS: 302}),
    Row("account_logout", public(302), method="post"),
    Row("account_change_password", everybody()),
    Row("account_change_password", everybody(), method="post"),
    Row("account_set_password", everybody(302)),
    Row("account_reset_password", public()),
    Row("account_reset_password", public(302), method="post", data=lambda _world: {"email": "a@b.example"}),
    Row("account_reset_password_done", public()),
    Row("mfa_authenticate", public(302)),
    Row("mfa_authenticate", public(302), method="post"),
    Row("accounts:start_again", public(302), method="post"),
    Row("account_reauthenticate", everybody()),
    Row("account_reauthenticate", everybody(), method="post"),
    # Nobody has a second factor, so that the password is asked for.
    Row("mfa_reauthenticate", everybody(302)),
    Row("mfa_reauthenticate", everybody(302), method="post"),
    Row("mfa_reauthenticate_webauthn", everybody(302)),
    Row("mfa_reauthenticate_webauthn", everybody(302), method="post"),
    Row(
        "accounts:set_password",
        public(410),
        target="any",
        kwargs=lambda _world: {"purpose": "invitation", "person": "MQ", "token": "x-y"},
    ),
]


def _data_of(name: str, method: str) -> Callable[[World], dict[str, Any]]:
    if method == "get":
        return lambda _world: {}
    if name == "edit_person":
        return lambda _world: {"name": "Nama Baharu", "role": "officer", "clearance": "1"}
    if name == "change_address":
        return lambda _world: {"email": "betul@agensi.example", "confirmed": "on"}
    return _reason


ON_PEOPLE = [
    Row(
        f"accounts:{name}",
        expected,
        method=method,
        target=target,
        kwargs=_person(pick),
        data=_data_of(name, method),
    )
    for target, pick in (("own", own), ("foreign", foreign))
    for name, method, expected in (
        ("person", "get", ADMIN),
        ("edit_person", "get", ADMIN),
        ("edit_person", "post", ADMIN_MOVES_ON),
        ("change_address", "get", ADMIN),
        ("change_address", "post", ADMIN_MOVES_ON),
        ("move_person", "get", ADMIN),
        ("move_person", "post", ADMIN),
        ("deactivate_person", "get", ADMIN),
        ("deactivate_person", "post", ADMIN_MOVES_ON),
        ("reactivate_person", "get", ADMIN),
        ("reactivate_person", "post", ADMIN),
        ("sign_out_person", "post", ADMIN_MOVES_ON),
        ("ask_for_new_device", "get", ADMIN),
        ("ask_for_new_device", "post", ADMIN),
        ("reissue_link", "post", ADMIN_MOVES_ON),
    )
]
ACTING = [
    Row("accounts:name_acting", only(COORDINATOR, ADMINISTRATOR, answer=302), "post", "own", _person(own)),
    Row("accounts:name_acting", only(ADMINISTRATOR, answer=302), "post", "foreign", _person(foreign)),
]
#: The officer's own, so the officer too; the foreign one is an administrator's alone.
KEEP_STAND_INS = (OFFICER, COORDINATOR, ADMINISTRATOR)
STAND_INS = [
    Row("accounts:stand_ins", only(*KEEP_STAND_INS), "get", "own", _person(own)),
    Row("accounts:stand_ins", ADMIN, "get", "foreign", _person(foreign)),
    Row(
        "accounts:stand_ins",
        only(*KEEP_STAND_INS, answer=302),
        "post",
        "own",
        _person(own),
        _stand_in_data(lambda world: world.people["coordinator"]),
    ),
    Row(
        "accounts:stand_ins",
        ADMIN_MOVES_ON,
        "post",
        "foreign",
        _person(foreign),
        _stand_in_data(lambda world: world.foreign_coordinator),
    ),
    Row("accounts:end_stand_in", only(*KEEP_STAND_INS, answer=302), "post", "own", _stand_in("own")),
    Row("accounts:end_stand_in", ADMIN_MOVES_ON, "post", "foreign", _stand_in("foreign")),
]
ON_AGENCIES = [
    Row(
        f"accounts:{name}",
        expected,
        method=method,
        target=target,
        kwargs=lambda world, target=target: {"agency_id": getattr(world, target).pk},
        data=_agency_data if name == "edit_agency" else _reason,
    )
    for target in ("own", "foreign")
    for name, method, expected in (
        ("edit_agency", "get", ADMIN),
        ("edit_agency", "post", ADMIN_MOVES_ON),
        ("deactivate_agency", "get", ADMIN),
        ("deactivate_agency", "post", ADMIN),
        ("reactivate_agency", "get", ADMIN),
        ("reactivate_agency", "post", ADMIN),
    )
]
MAILBOX = [
    Row(
        "accounts:shared_mailbox",
        only(*roles, answer=answer),
        method=method,
        target=target,
        kwargs=lambda world, target=target: {"agency_id": getattr(world, target).pk},
        data=lambda _world: {"shared_mailbox": "peti@jkm.example", "is_checked": "on"},
    )
    for target, roles in (("own", (COORDINATOR, ADMINISTRATOR)), ("foreign", (ADMINISTRATOR,)))
    for method, answer in (("get", 200), ("post", 302))
]
#: Everybody may ask for any session to end; only one's own ends (tests/accounts/test_sessions.py).
ON_SESSIONS = [
    Row(
        "accounts:end_session",
        everybody(302),
        method="post",
        target=target,
        kwargs=lambda world, target=target: {"session_id": world.extra[f"{target}_session"].pk},
    )
    for target in ("own", "foreign")
]
LOST_DEVICES = [
    Row(
        f"accounts:{name}",
        ADMIN_MOVES_ON,
        method="post",
        target=target,
        kwargs=lambda world, target=target: {"ask_id": world.extra[f"{target}_ask"].pk},
    )
    for target in ("own", "foreign")
    for name in ("grant_new_device", "withdraw_ask")
]
#: The administrator asked for these: another one decides.
ON_RIGHTS = [
    Row(
        f"accounts:{name}",
        ADMIN_MOVES_ON,
        method=method,
        target=target,
        kwargs=lambda world, target=target: {"request_id": world.extra[f"{target}_rights"].pk},
    )
    for target in ("own", "foreign")
    for name, method in (
        ("decide_on_rights", "get"),
        ("decide_on_rights", "post"),
        ("withdraw_request", "post"),
    )
]
#: One's own can be renamed and removed.
ON_FACTORS = [
    Row(
        f"accounts:{name}",
        expected,
        method=method,
        target=target,
        kwargs=_passkey(pick),
        data=lambda _world, name=name: {"name": "Telefon"} if name == "rename_passkey" else {},
    )
    for target, pick, renamed in (("own", own, (OFFICER,)), ("foreign", foreign, ()))
    for name, method, expected in (
        ("rename_passkey", "get", only(*renamed)),
        ("rename_passkey", "post", only(*renamed, answer=302)),
        ("remove_factor", "get", only(*renamed)),
        ("remove_factor", "post", only(*renamed, answer=302)),
    )
]
ON_DEVICES = [
    Row(
        "accounts:remove_device",
        everybody(302),
        method="post",
        target=target,
        kwargs=lambda world, target=target: {"device_id": world.extra[f"{target}_device"].pk},
    )
    for target in ("own", "foreign")
]
#: Where no provider is set up, these do not exist; tests/accounts/provider/ sets one up.
PROVIDER = [
    *(
        Row(f"accounts:{name}", absent(), method=method)
        for name in (
            "provider_sign_in",
            "provider_return",
            "provider_finish",
            "connect_provider",
            "disconnect_provider",
            "prove_at_provider",
        )
        for method in ("get", "post")
    ),
    *(
        Row(
            "accounts:provider_join",
            absent(),
            method,
            target="any",
            kwargs=lambda _world: {"person": "MQ", "token": "x-y"},
        )
        for method in ("get", "post")
    ),
    *(
        Row("accounts:end_provider_account", absent(), method, target, _person(pick))
        for target, pick in (("own", own), ("foreign", foreign))
        for method in ("get", "post")
    ),
]
ROWS = [
    *ON_FACTORS,
    *LOST_DEVICES,
    *ON_RIGHTS,
    *PAGES,
    *SIGN_IN_PAGES,
    *ON_PEOPLE,
    *ACTING,
    *STAND_INS,
    *ON_AGENCIES,
    *MAILBOX,
    *ON_SESSIONS,
    *ON_DEVICES,
    *PROVIDER,
]
