"""The words of everything that can be searched. Triggers of the database write these tables; searches read them.

They are tables of their own so that the tables with the texts stay narrow, and so that a search reads prepared words
instead of making them from the text. A row says nothing about rights: every search joins what it finds to the
querysets that decide who may see it. It does say what of a text with hidden words may be found by whom (ADR 11).
"""

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Agency
from evidence.models import Document
from recommendations.models import Comment, Item, Submission


class SearchedWords(models.Model):
    """The words of one thing, and of what is left of it for readers from whom some of its words are hidden.

    `shown_words` is NULL while nothing is hidden; else the agencies of `readers`, and who sees everything, find the thing by
    `words`, and everybody else by `shown_words`. `texts` are the SHA-256 of its texts, by which marks know them, and
    `marks` says how many of these were looked at.
    """

    words = SearchVectorField()
    shown_words = SearchVectorField(null=True)
    readers = ArrayField(models.BigIntegerField(), null=True)
    texts = ArrayField(models.CharField(max_length=64), null=True)
    marks = models.IntegerField(null=True)

    web_grants: ClassVar[str] = "read"

    class Meta:
        abstract = True


def _indexes(name: str) -> list[models.Index]:
    """Return the indexes of one kind of words: of all, of those that are shown, and by the texts from which they come."""
    has_some = models.Q(shown_words__isnull=False)
    return [
        GinIndex(fields=["words"], fastupdate=False, name=f"search_{name}_words"),
        GinIndex(
            fields=["shown_words"],
            condition=has_some,
            fastupdate=False,
            name=f"search_{name}_shown_words",
        ),
        GinIndex(fields=["texts"], fastupdate=False, name=f"search_{name}_texts"),
    ]


class ItemWords(SearchedWords):
    """The words of the official texts, the short titles and the name of an item, each in both languages."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="words")

    class Meta:
        indexes = _indexes("item")

    def __str__(self) -> str:
        return f"words of item {self.item_id}"


class NarrativeWords(SearchedWords):
    """The words of the narrative of one submission; a "nothing new since" has none, nor has a withdrawn update.

    `item` and `agency` repeat those of its assignment, so that a search passes over most of what a person may not read.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, primary_key=True, related_name="words"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = _indexes("narrative")

    def __str__(self) -> str:
        return f"words of submission {self.submission_id}"


class CommentWords(SearchedWords):
    """The words of a comment."""

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, primary_key=True, related_name="words")

    class Meta:
        indexes = _indexes("comment")

    def __str__(self) -> str:
        return f"words of comment {self.comment_id}"


class DocumentWords(SearchedWords):
    """The words of the name or number of a document, and of the text inside it if the file may be read.

    A sealed document has no row. One that was withdrawn or replaced before it was ever submitted has only its name.
    `agency` repeats that of the document, for the same reason as in `NarrativeWords`.
    """

    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, primary_key=True, related_name="search_words"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)

    class Meta:
        indexes = _indexes("document")

    def __str__(self) -> str:
        return f"words of document {self.document_id}"
