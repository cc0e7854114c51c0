"""Acts of weight ask again who one is: which addresses do, and which need not."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client

from audit.models import Event
from tests.matrix import ADMINISTRATOR, ANONYMOUS, ROLES, SIGN_IN, SIGNED_IN, Row
from tests.pages import body_of
from tests.recent_proof import age_proof, asks
from tests.test_matrix import NO_SUCH_PLACE, ROWS, URLS, Place, ask, place, sessions, world

__all__ = ["place", "sessions", "world"]

MARKED = {name for name, pattern in URLS.items() if getattr(pattern.callback, "requires_recent_proof", False)}

#: Files that go to whoever has signed in, without a further proof, and why.
FREE_FILES = {
    "accounts:invite_many_template": "an empty form",
    "audit:anchor": "a hash that others keep, nothing of what is in the log",
    "evidence:download": "one file of an update: reading these is the daily work, and each is an Event",
    "imports:opening_template": "a form with the titles of the agency's own items",
    "indicators:figure_template": "a form with the names of the agency's own figures",
    "indicators:source_download": "a report that its author has published",
    "reports:schema": "how files are built, nothing of what is in them",
}


#: Posts that administrators alone may send, without a further proof, and why.
FREE_ACTS = {
    "accounts:sign_out_person": "ends sessions",
    "accounts:withdraw_ask": "leaves a person as they are",
    "accounts:withdraw_request": "leaves a person as they are",
    "audit:demo_day": "is there in a demonstration alone",
    "cycles:cycle_change": "keeps what was, and is undone by another change",
    "cycles:cycle_prepare": "adds, and shows first what",
    "cycles:fact_add": "adds to what the source tells",
    "cycles:fact_change": "keeps what was",
    "cycles:fact_withdraw": "keeps what was",
    "cycles:item_change": "keeps what was",
    "cycles:titles": "can be undone",
    "cycles:titles_undo": "undoes",
    "evidence:rescan": "scans once more",
    "identities:hide": "hides more",
    "indicators:indicator_add": "adds",
    "indicators:indicator_change": "keeps what was",
    "reminders:day_off_put_back": "is a day, not a rule",
    "reminders:day_off_remove": "is a day, not a rule",
    "reminders:days_off": "is a day, not a rule",
}

#: What others than administrators do, or what is no post, and asks all the same.
ALSO_ASKING = {
    "accounts:go_on",
    "accounts:shared_mailbox",
    "reminders:feed_renew",
    "reminders:feed_show",
    "reports:file",
    "reports:minutes",
    *(
        f"accounts:{name}"
        for name in (
            "add_app",
            "add_passkey",
            "make_codes",
            "recovery_codes",
            "recovery_codes_file",
            "remove_factor",
        )
    ),
}


def rows_of(names: set[str]) -> list[Row]:
    return [row for row in ROWS if row.name in names]


def _letting(row: Row) -> Iterator[str]:
    """The roles that get more than a 404 here."""
    return (role for role in SIGNED_IN if row.expected[role] != 404)


@pytest.mark.parametrize("row", rows_of(MARKED), ids=str)
def test_old_proof_leads_to_the_proof_and_nothing_is_done(row: Row, place: Place, client: Client) -> None:
    for role in _letting(row):
        place.sign_in(client, role)
        age_proof(client)
        before = Event.objects.count()
        response = ask(client, row, place.kwargs, row.data(place.world))
        assert asks(response), (row.name, role, response)
        assert Event.objects.count() == before


@pytest.mark.parametrize("row", rows_of(MARKED), ids=str)
def test_whoever_may_not_is_not_asked_but_refused(row: Row, place: Place, client: Client) -> None:
    """Where a role decides. Where belonging decides, own, foreign and missing things lead to the proof alike."""
    let_in = {role for other in rows_of({row.name}) for role in _letting(other)}
    for role in set(SIGNED_IN) - let_in:
        place.sign_in(client, role)
        age_proof(client)
        response = ask(client, row, place.kwargs, row.data(place.world))
        if response.status_code == 404:
            nothing = body_of(client.get(NO_SUCH_PLACE))
            assert body_of(response) == nothing
        else:
            assert asks(response), (row.name, role)


#: One row for each address that answers with something to a signed-in person.
ANSWERING = {
    row.name: row for row in ROWS if row.expected[ANONYMOUS] == SIGN_IN and 200 in row.expected.values()
}


@pytest.mark.parametrize("row", ANSWERING.values(), ids=str)
def test_every_file_asks_or_stands_in_the_list(row: Row, place: Place, client: Client) -> None:
    """A new address that sends a file is marked, or says above why not."""
    place.sign_in(client, next(role for role in SIGNED_IN if row.expected[role] == 200))
    response = ask(client, row, place.kwargs, row.data(place.world))
    is_file = response.get("Content-Disposition", "").startswith("attachment")
    assert not is_file or row.name in MARKED or row.name in FREE_FILES


def test_every_act_of_administrators_asks_or_stands_in_the_list() -> None:
    """A new act of administrators is marked, or says above why not."""
    posts = {row.name for row in ROWS if row.method == "post" and row.expected[ADMINISTRATOR] != 404}
    others = {
        row.name
        for row in ROWS
        if any(row.expected[role] != 404 for role in set(ROLES) - {ADMINISTRATOR, ANONYMOUS})
    }
    of_administrators = posts - others
    # Without a provider in the tests' settings it is not there.
    marked = MARKED - {"accounts:end_provider_account"}
    assert of_administrators - marked == FREE_ACTS.keys()
    assert marked - of_administrators == ALSO_ASKING


def test_lists_name_addresses_that_are_there_and_not_marked() -> None:
    assert FREE_FILES.keys() <= URLS.keys() - MARKED
    assert FREE_ACTS.keys() <= URLS.keys() - MARKED


def test_no_link_saves_the_page_of_the_proof_as_the_file() -> None:
    """With `download`, a browser stores whatever the address answers under the file's name."""
    for template in (settings.BASE_DIR / "templates").rglob("*.html"):
        for link in re.findall(r"<a [^>]*\sdownload[\s>][^>]*", template.read_text(encoding="utf-8")):
            named = re.search(r"{% url '([^']+)'", link)
            assert named is None or named[1] not in MARKED, f"{template.name}: {link}"
