"""Whether the installation has everything that it said it has, and gives the files that open pages ask for."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import psycopg2

from attacks.browser import Browser
from trials.ledger import Ledger
from trials.running import status_of

_COMMENTS = "SELECT text FROM recommendations_comment WHERE text = ANY(%s)"
_NARRATIVES = "SELECT narrative FROM recommendations_update WHERE narrative = ANY(%s)"
_SENT = "SELECT narrative FROM recommendations_update WHERE narrative = ANY(%s) AND submitted_at IS NOT NULL"
#: With fewer files sent, nothing was lost because nothing was done.
_FEWEST = 20


def missing(owner_url: str, ledger: Ledger) -> Iterator[str]:
    """Yield a sentence for each text that was accepted and is not there, and for a trial in which too little was."""
    for what, texts, statement in (
        ("comment", ledger.comments, _COMMENTS),
        ("draft", _last_words(owner_url, ledger), _NARRATIVES),
        ("sent text", set(ledger.sent.values()), _SENT),
    ):
        lost = texts - _found(owner_url, statement, texts)
        yield from (f"a {what} was accepted and is not there: {text}" for text in sorted(lost))
        if not texts:
            yield f"no {what} was accepted in the whole trial: it proves nothing"
    if len(ledger.files) < _FEWEST:
        yield f"only {len(ledger.files)} files were sent: the trial proves nothing"


def _last_words(owner_url: str, ledger: Ledger) -> set[str]:
    """Return the accepted texts of drafts, but for those in whose place stands one whose saving was not answered."""
    unsure = {text for texts in ledger.unsure.values() for text in texts}
    stands = _found(owner_url, _NARRATIVES, unsure)
    return {
        text
        for draft, text in ledger.drafts.items()
        if not stands.intersection(ledger.unsure.get(draft, set()))
    }


def _found(owner_url: str, statement: str, texts: set[str]) -> set[str]:
    """Return which of the texts are there, asked as the owner of the tables."""
    connection = psycopg2.connect(owner_url)
    try:
        with connection.cursor() as cursor:
            cursor.execute(statement, [sorted(texts)])
            return {str(row[0]) for row in cursor.fetchall()}
    finally:
        connection.close()


def wrong_files(ledger: Ledger, administrator: Browser) -> Iterator[str]:
    """Yield a sentence for each file that was accepted and does not come back as it was."""
    for number, content in ledger.files.items():
        answer = administrator.get(f"/evidence/{number}/download/")
        if answer.status != 200 or answer.body != content:
            yield f"the file {number} was accepted and does not come back: {answer.status}"


def wrong_statics(webs: Mapping[str, int], ledger: Ledger) -> Iterator[str]:
    """Yield a sentence for each file that some page named, of any release, and that some web does not give."""
    for name, port in webs.items():
        for address in sorted(ledger.statics):
            if (status := status_of("127.0.0.1", port, address)) != 200:
                yield f"{name} answers {status} to {address}, for which a page of one of the releases asks"
