"""What apps above this one add to the page of a document, and do when stored bytes are harmed. Each registers in `AppConfig.ready`."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from accounts.models import User
from evidence.states import Harm

if TYPE_CHECKING:
    from evidence.models import Document


@dataclass(frozen=True)
class DocumentPanel:
    """A panel on the page of a document: a template, and the context that it finds as `panel`."""

    template: str
    context: Mapping[str, Any]


#: Returns the panel of one app about a document, as a person may see it.
MakeDocumentPanel = Callable[["Document", User], DocumentPanel]

document_panels: dict[str, MakeDocumentPanel] = {}


@dataclass(frozen=True)
class HarmedFile:
    """A stored file whose bytes are no longer those that were recorded.

    `noun` is "document", "report" or "source", `number` its key; `path` is its page, `classification` who may open it.
    """

    noun: str
    number: int
    harm: Harm
    path: str
    classification: int = 0


#: Called with the file and the present instant, in the transaction that records it: once a file and day.
HarmListener = Callable[[HarmedFile, datetime], None]

harm_listeners: dict[str, HarmListener] = {}


def panels_about(document: "Document", *, user: User) -> list[DocumentPanel]:
    """Return the panels that other apps show about a document, in the order of registration."""
    return [make_panel(document, user) for make_panel in document_panels.values()]
