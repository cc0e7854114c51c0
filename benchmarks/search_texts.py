"""Run as the owner: `python -m benchmarks.search_texts FACTS.json DOCUMENTS` gives a database of ten cycles texts to search.

The narratives that `ten_cycles` wrote are all alike; here each gets 25 words of a vocabulary in which few words are
common and most are rare, as in any language. So many documents with 300 words inside follow, of all agencies and of
three classes, one in ten cited by a version that was sent, and a comment on every assignment.
"""

from __future__ import annotations

import json
import random
import sys
from itertools import product
from pathlib import Path
from urllib.parse import urlencode

import django
from django.db import connection, transaction

#: A question of each kind: a word in about one text of 20,000, in one of a hundred, and in every narrative.
QUESTIONS = {"rare": "istimewa", "middle": "berkala", "common": "kursus"}

TEXTS = """
    CREATE FUNCTION pg_temp.some_words(amount integer, number bigint) RETURNS text LANGUAGE sql VOLATILE AS $$
        SELECT string_agg((SELECT words FROM pg_temp.vocabulary)[1 + floor(power(8000, random()))::int], ' ')
            || CASE WHEN number %% 20000 = 7 THEN ' istimewa' ELSE '' END
            || CASE WHEN number %% 100 = 7 THEN ' berkala' ELSE '' END
        FROM generate_series(1, amount)
    $$;
    UPDATE recommendations_submission SET narrative = narrative || ' ' || pg_temp.some_words(25, id);
    INSERT INTO evidence_document (agency_id, original_name, sha256, size, media_type, stored_name, reference_number,
        received_at, uploaded_by_id, classification, scan_state, scan_note, scan_attempts, has_preview, state,
        withdrawn_reason, sealed_reason)
    SELECT source.agency_id, 'Laporan ' || n || '.pdf', repeat('0', 64), 1000, 'application/pdf',
        md5(n::text), '', source.received_at, source.uploaded_by_id, (n %% 10 = 0)::int + (n %% 100 <> 1)::int, 'clean',
        '', 1, false, 'kept', '', ''
    FROM generate_series(1, %(documents)s) n
    JOIN (SELECT *, row_number() OVER (ORDER BY id) - 1 AS place FROM evidence_document) source
        ON source.place = n %% (SELECT count(*) FROM evidence_document);
    INSERT INTO evidence_documenttext (document_id, state, text, is_cut, attempts)
    SELECT id, 'done', pg_temp.some_words(300, id), false, 0 FROM evidence_document;
    INSERT INTO recommendations_submissiondocument (submission_id, document_id)
    SELECT DISTINCT ON (submission.id) submission.id, document.id
    FROM evidence_document document
    JOIN recommendations_submission submission ON submission.id = document.id * 7
    WHERE document.id %% 10 = 0 AND NOT EXISTS (
        SELECT FROM recommendations_submissiondocument WHERE submission_id = submission.id);
    INSERT INTO recommendations_citation (update_id, document_id)
    SELECT DISTINCT submission.update_id, link.document_id
    FROM recommendations_submissiondocument link JOIN recommendations_submission submission
        ON submission.id = link.submission_id
    ON CONFLICT DO NOTHING;
    INSERT INTO recommendations_comment (assignment_id, text, classification, author_id, written_at)
    SELECT id, pg_temp.some_words(25, id) || ' kursus', 1, (SELECT min(id) FROM accounts_user), confirmed_at
    FROM recommendations_assignment WHERE confirmed_at IS NOT NULL;
    SELECT search_fill();
"""


def main(facts_file: Path, documents: int) -> None:
    """Write the texts and make their words; add the addresses to measure to the facts."""
    django.setup()
    from django.urls import reverse

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL session_replication_role = replica")
        cursor.execute("CREATE TEMPORARY TABLE vocabulary AS SELECT %s::text[] AS words", [_vocabulary()])
        cursor.execute(TEXTS, {"documents": documents})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    facts = json.loads(facts_file.read_text(encoding="utf-8"))
    for name, text in QUESTIONS.items():
        facts[f"search_{name}"] = f"{reverse('search:search')}?{urlencode({'q': text})}"
    facts_file.write_text(json.dumps(facts), encoding="utf-8")


def _vocabulary() -> list[str]:
    """8,000 words that never change, the common ones first; they look like words, so that stemmers have work."""
    onsets, nuclei = "b c d g j k l m n p r s t".split(), "a e i o u".split()
    syllables = ["".join(pair) for pair in product(onsets, nuclei)]
    chance = random.Random(2023)  # noqa: S311 - test data
    return [
        "".join(chance.choices(syllables, k=chance.randint(2, 4))) + chance.choice(["", "n", "kan", "an"])
        for _number in range(8_000)
    ]


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
