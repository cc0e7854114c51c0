"""The words of what can be searched, one row a thing: written by triggers of the database, read by searches.

They stand apart from the tables that they are made of, so that those stay narrow, and so that a search reads words
that are ready instead of making them from the text. A row here says nothing about rights: every search joins what it
finds to the querysets that decide who may see it.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.contrib.postgres.search import SearchVectorField
from django.db import models

from accounts.models import Agency
from evidence.models import Document
from recommendations.models import Comment, Item, Submission


class ItemWords(models.Model):
    """Both official texts of an item, and what it is called in both languages."""

    item = models.OneToOneField(Item, on_delete=models.PROTECT, primary_key=True, related_name="words")
    words = SearchVectorField()

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="search_item_words")]

    def __str__(self) -> str:
        return f"words of item {self.item_id}"


class NarrativeWords(models.Model):
    """The narrative of an update as it was sent once; "nothing new since" has none.

    `item` and `agency` repeat what its assignment says: most of what a person may not read is passed over by them.
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
    """The text of a comment."""

    comment = models.OneToOneField(Comment, on_delete=models.PROTECT, primary_key=True, related_name="words")
    words = SearchVectorField()

    web_grants: ClassVar[str] = "read"

    class Meta:
        indexes = [GinIndex(fields=["words"], fastupdate=False, name="search_comment_words")]

    def __str__(self) -> str:
        return f"words of comment {self.comment_id}"


class DocumentWords(models.Model):
    """The name or number of a document, and the text inside it where the file may be read.

    A sealed document has no row. One that was withdrawn or replaced before it was ever submitted has its name alone.
    `agency` repeats what the document says, for the same reason as in `NarrativeWords`.
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
