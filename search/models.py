"""The words of everything that can be searched. Triggers of the database write these tables; searches read them.

They are tables of their own so that the tables with the texts stay narrow, and so that a search reads prepared words
instead of making them from the text. A row says nothing about rights: every search joins what it finds to the
querysets that decide who may see it.
"""

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Agency
from evidence.models import Document
from recommendations.models import Comment, Item, Submission


class ItemWords(models.Model):
    """The words of the official texts, the short titles and the name of an item, each in both languages."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="words")
    words = SearchVectorField()

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="search_item_words")]

    def __str__(self) -> str:
        return f"words of item {self.item_id}"


class NarrativeWords(models.Model):
    """The words of the narrative of one submission; a "nothing new since" has none, nor has a withdrawn update.

    `item` and `agency` repeat those of its assignment, so that a search passes over most of what a person may not read.
    """

    submission = models.OneToOneField(
        Submission, on_delete=models.PROTECT, primary_key=True, related_name="words"
    )
    item = models.ForeignKey(Item, on_delete=models.PROTECT, related_name="+", db_index=False)
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = SearchVectorField()

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="search_narrative_words")]

    def __str__(self) -> str:
        return f"words of submission {self.submission_id}"


class CommentWords(models.Model):
    """The words of a comment."""

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, primary_key=True, related_name="words")
    words = SearchVectorField()

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="search_comment_words")]

    def __str__(self) -> str:
        return f"words of comment {self.comment_id}"


class DocumentWords(models.Model):
    """The words of the name or number of a document, and of the text inside it if the file may be read.

    A sealed document has no row. One that was withdrawn or replaced before it was ever submitted has only its name.
    `agency` repeats that of the document, for the same reason as in `NarrativeWords`.
    """

    document = models.OneToOneField(
        Document, on_delete=models.PROTECT, primary_key=True, related_name="search_words"
    )
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+", db_index=False)
    words = SearchVectorField()

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="search_document_words")]

    def __str__(self) -> str:
        return f"words of document {self.document_id}"
