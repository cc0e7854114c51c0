"""Where the head of the chain is anchored, as the settings say."""

from dataclasses import dataclass

from django.conf import settings

from audit.models import AnchorKind


@dataclass(frozen=True)
class AnchorPlace:
    """One place: of which kind, and an address, a folder's path or an authority's address."""

    kind: AnchorKind
    name: str


def places() -> list[AnchorPlace]:
    """Return all places, in the order in which pages show them; none where nothing is set."""
    found = [AnchorPlace(AnchorKind.MAIL, reader) for reader in settings.ANCHORING.readers]
    if settings.ANCHORING.authority:
        found.append(AnchorPlace(AnchorKind.TIMESTAMP, settings.ANCHORING.authority))
    if settings.ANCHORING.folder:
        found.append(AnchorPlace(AnchorKind.FOLDER, settings.ANCHORING.folder))
    return found
