"""Refusals that only opening imports have."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _

from audit.errors import NotNow

if TYPE_CHECKING:
    from imports.rows import ImportRow
    from recommendations.models import OpeningImport


class RowStale(NotNow):
    """A colleague changed this row of an opening import first; `current` is the row now, None if it is gone."""

    def __init__(self, current: ImportRow | None) -> None:
        super().__init__(
            _(
                "A colleague has saved a newer text of this row. Yours is kept on this page: compare the two and choose."
            )
            if current
            else _(
                "A colleague has put another file in the place of this one. Your text is kept on this page."
            )
        )
        self.current = current


class OpeningStale(NotNow):
    """Rows were changed since the person opened the page, so nothing was sent."""

    def __init__(self) -> None:
        super().__init__(
            _(
                "Rows of this import were changed since you opened the page. Nothing was sent: look again, then send."
            )
        )


class OpeningDecided(NotNow):
    """Another reviewer has decided first; the message names them."""

    def __init__(self, opening: OpeningImport) -> None:
        super().__init__(
            _("%(reviewer)s has already decided on this import. Your decision was not recorded.")
            % {"reviewer": opening.decided_by.name if opening.decided_by else ""}
        )
