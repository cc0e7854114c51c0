"""Which updates cite a document, on the document's page."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q

from accounts.models import User
from evidence.extensions import DocumentPanel
from evidence.models import Document
from recommendations.models import Citation, Submission, Update


def citing_panel(document: Document, user: User) -> DocumentPanel:
    """Return the panel that lists the updates that cite a document."""
    return DocumentPanel(
        "recommendations/citing.html", {"updates": list(citing_updates(document, user=user))}
    )


def citing_updates(document: Document, *, user: User) -> list[Update]:
    """Return the updates that cite a document and that a person may open, newest first (one query).

    One counts when a version that was sent cites it; for the agency also when the text that it is writing does.
    """
    sent = Submission.objects.within_clearance(user).filter(update=OuterRef("pk"), documents=document)
    cites = Q(Exists(sent))
    if not user.is_mapo:
        cites |= Q(Exists(Citation.objects.filter(update=OuterRef("pk"), document=document)))
    seen = Update.objects.visible_to(user).filter(cites)
    return list(seen.select_related("assignment__item__cycle", "assignment__agency").order_by("-pk"))
