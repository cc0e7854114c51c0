"""Rebuilds the search index."""

from itertools import islice
from typing import Any

from django.core.management.base import BaseCommand
from django.db import models, transaction
from django.db.models import Exists, OuterRef

from evidence.models import Document
from recommendations.models import Comment, Item, Submission
from search.models import CommentWords, DocumentWords, ItemWords, NarrativeWords

_WORDS: tuple[tuple[type[models.Model], type[models.Model]], ...] = (
    (ItemWords, Item),
    (NarrativeWords, Submission),
    (CommentWords, Comment),
    (DocumentWords, Document),
)


class Command(BaseCommand):
    """Rebuild the words of all texts, as the owner: needed after an upgrade of PostgreSQL that stems differently."""

    help = (
        "Makes the words of everything that can be searched anew. Run as the owner, after a new PostgreSQL."
    )

    def handle(self, *args: Any, **options: Any) -> None:
        with transaction.atomic():
            for words, source in _WORDS:
                # The database fills them in. Rows stay in their place: whoever seals or withdraws meanwhile finds theirs.
                words._default_manager.update(words=None)
                missing = source._default_manager.filter(
                    ~Exists(words._default_manager.filter(pk=OuterRef("pk")))
                )
                keys = missing.order_by("pk").values_list("pk", flat=True).iterator()
                while some := list(islice(keys, 1000)):
                    # It leaves out what may not be found; others may write meanwhile.
                    words._default_manager.bulk_create(
                        [words(pk=key, words=None) for key in some], ignore_conflicts=True
                    )
        self.stdout.write("The words of all items, updates, comments and documents are made anew.")
