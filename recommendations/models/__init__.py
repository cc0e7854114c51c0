"""The nouns of the product; each module holds one noun, its queryset above it and its past below it."""

from recommendations.models.action import Action
from recommendations.models.assignment import (
    Assignment,
    AssignmentOfficer,
    AssignmentRequest,
    AssignmentVersion,
)
from recommendations.models.cycle import Cycle, CycleVersion, Item, ItemLink, ItemLinkVersion, ItemVersion
from recommendations.models.review import Review
from recommendations.models.update import Citation, Submission, SubmissionDocument, Update

__all__ = [
    "Action",
    "Assignment",
    "AssignmentOfficer",
    "AssignmentRequest",
    "AssignmentVersion",
    "Citation",
    "Cycle",
    "CycleVersion",
    "Item",
    "ItemLink",
    "ItemLinkVersion",
    "ItemVersion",
    "Review",
    "Submission",
    "SubmissionDocument",
    "Update",
]
