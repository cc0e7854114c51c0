"""The nouns of the product; each module holds one noun, its queryset above it and its past below it."""

from recommendations.models.action import Action, ActionVersion
from recommendations.models.asked_update import AskedUpdate
from recommendations.models.assignment import (
    Assignment,
    AssignmentOfficer,
    AssignmentRequest,
    AssignmentVersion,
)
from recommendations.models.comment import Comment, CommentMention
from recommendations.models.cycle import Cycle, CycleVersion, Item, ItemLink, ItemLinkVersion, ItemVersion
from recommendations.models.cycle_fact import (
    CycleFact,
    CycleFactItem,
    CycleFactItemVersion,
    CycleFactVersion,
)
from recommendations.models.opening import OpeningImport, OpeningWriter
from recommendations.models.outcome import Outcome
from recommendations.models.override import ItemOverride
from recommendations.models.review import Review
from recommendations.models.update import (
    Citation,
    Submission,
    SubmissionDocument,
    Update,
    UpdateWriter,
)
