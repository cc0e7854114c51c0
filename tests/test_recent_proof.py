"""Acts of weight ask again who one is: which addresses do, and which need not."""

from __future__ import annotations

import re

from django.conf import settings

from tests.matrix import ADMINISTRATOR, ANONYMOUS, ROLES
from tests.walk.place import ROWS, URLS
from tests.walk.rights import FREE_FILES, MARKED

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
