"""What apps above this one add to the page of a document. Each registers in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from accounts.models import User
from evidence.models import Document


@dataclass(frozen=True)
class DocumentPanel:
    """A panel on the page of a document: a template, and the context that it finds as `panel`."""

    template: str
    context: Mapping[str, Any]


#: Returns the panel of one app about a document, as a person may see it.
MakeDocumentPanel = Callable[[Document, User], DocumentPanel]

document_panels: dict[str, MakeDocumentPanel] = {}


def panels_about(document: Document, *, user: User) -> list[DocumentPanel]:
    """Return the panels that other apps show about a document, in the order of registration."""
    return [make_panel(document, user) for make_panel in document_panels.values()]
