"""Give a database of ten cycles texts to search.

The narratives that `histories` wrote are all alike; here each gets 25 words more, of a vocabulary in which few words
are common and most are rare, as in any language. So many documents with 300 words inside follow, of all agencies and
of three classes, one in ten cited by a version that was sent, and a comment on every assignment.
"""

from __future__ import annotations

import io
import random
from collections.abc import Iterator
from itertools import accumulate, product
from typing import Any
from urllib.parse import urlencode

from django.db import connection, transaction
from django.urls import reverse

from benchmarks.parts.search import QUESTIONS

#: One text in so many holds the word.
EVERY = {"istimewa": 20_000, "berkala": 100}

TEXTS = """
    UPDATE recommendations_submission submission SET narrative = narrative || ' ' || text
    FROM texts WHERE kind = 'narrative' AND texts.number = submission.id;
    INSERT INTO evidence_document (agency_id, original_name, sha256, size, media_type, stored_name, reference_number,
        received_at, uploaded_by_id, classification, scan_state, scan_note, scan_attempts, has_preview, state,
        withdrawn_reason, sealed_reason)
    SELECT agency_id, 'Laporan ' || number || '.pdf', repeat('0', 64), 1000, 'application/pdf',
        md5(number::text), '', received_at, uploaded_by_id,
        CASE WHEN number %% 10 = 0 THEN 2 WHEN number %% 10 = 1 THEN 0 ELSE 1 END,
        'clean', '', 1, false, 'kept', '', ''
    FROM generate_series(1, %(documents)s) number
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM evidence_document) source
        ON source.place = number %% (SELECT count(*) FROM evidence_document);
    INSERT INTO evidence_documenttext (document_id, state, text, is_cut, attempts, identities)
    SELECT document.id, 'done', text, false, 0, '{}'
    FROM (SELECT id, row_number() OVER (ORDER BY id) AS place FROM evidence_document) document
    JOIN texts ON kind = 'document' AND number = document.place;
    INSERT INTO recommendations_submissiondocument (submission_id, document_id)
    SELECT submission.id, document.id
    FROM evidence_document document JOIN recommendations_submission submission ON submission.id = document.id * 5
    WHERE document.id %% 10 = 0 AND NOT EXISTS (
        SELECT FROM recommendations_submissiondocument WHERE submission_id = submission.id);
    INSERT INTO recommendations_citation (update_id, document_id, follows_update)
    SELECT DISTINCT submission.update_id, link.document_id, false
    FROM recommendations_submissiondocument link
    JOIN recommendations_submission submission ON submission.id = link.submission_id
    ON CONFLICT DO NOTHING;
    INSERT INTO recommendations_comment (assignment_id, text, classification, author_id, written_at)
    SELECT id, text || ' kursus', 1, (SELECT min(id) FROM accounts_user), confirmed_at
    FROM recommendations_assignment JOIN texts ON kind = 'comment' AND number = id WHERE confirmed_at IS NOT NULL;
"""


def main(_facts: dict[str, Any], documents: str) -> dict[str, str]:
    """Write the texts and what search finds them by; return the addresses to measure."""
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        _copy_texts(cursor, int(documents))
        cursor.execute(TEXTS, {"documents": int(documents)})
        _make_words(cursor)
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    return {
        f"search_{name}": f"{reverse('search:search')}?{urlencode({'q': text})}"
        for name, text in QUESTIONS.items()
    }


def _copy_texts(cursor: Any, documents: int) -> None:
    """Make a temporary table of texts by kind and number."""
    cursor.execute("CREATE TEMPORARY TABLE texts (kind text, number bigint, text text)")
    for kind, table, words in (
        ("narrative", "recommendations_submission", 25),
        ("comment", "recommendations_assignment", 25),
        ("document", "", 300),
    ):
        last = documents
        if table:
            cursor.execute(f"SELECT max(id) FROM {table}")
            last = cursor.fetchone()[0]
        lines = (f"{kind}\t{number}\t{text}\n" for number, text in _texts(last, words))
        cursor.copy_expert("COPY texts FROM STDIN", io.StringIO("".join(lines)))
    cursor.execute("CREATE UNIQUE INDEX ON texts (kind, number)")
    cursor.execute("ANALYZE texts")


def _make_words(cursor: Any) -> None:
    """Do as `rebuild_search` does, but with the indexes built afterwards, in one go."""
    # The tables' own triggers make the words.
    cursor.execute("SET LOCAL session_replication_role = origin")
    cursor.execute("SELECT indexname, indexdef FROM pg_indexes WHERE indexname LIKE 'search_%_words'")
    indexes = cursor.fetchall()
    for name, _definition in indexes:
        cursor.execute(f"DROP INDEX {name}")
    for words, key, source in (
        ("item", "item_id", "recommendations_item"),
        ("narrative", "submission_id", "recommendations_submission"),
        ("comment", "comment_id", "recommendations_comment"),
        ("document", "document_id", "evidence_document"),
    ):
        cursor.execute(
            f"INSERT INTO search_{words}words ({key}) SELECT id FROM {source} ORDER BY id ON CONFLICT ({key}) DO UPDATE SET words = NULL"
        )
    # No index can be made of a table whose keys are still to be checked.
    cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for _name, definition in indexes:
        cursor.execute(definition)


def _texts(last: int, words: int) -> Iterator[tuple[int, str]]:
    """Yield a text of so many words for each number; the same each time."""
    chance = random.Random(2023)
    vocabulary = _vocabulary()
    weights = list(accumulate(1 / place for place in range(1, len(vocabulary) + 1)))
    for number in range(1, last + 1):
        rare = [word for word, every in EVERY.items() if number % every == every // 2]
        yield number, " ".join([*chance.choices(vocabulary, cum_weights=weights, k=words), *rare])


def _vocabulary() -> list[str]:
    """Return 8,000 words, the common ones first; they look like words, so that stemmers have work."""
    syllables = ["".join(pair) for pair in product("bcdgjklmnprst", "aeiou")]
    chance = random.Random(2023)
    return [
        "".join(chance.choices(syllables, k=chance.randint(2, 4))) + chance.choice(["", "n", "kan", "an"])
        for _number in range(8_000)
    ]
