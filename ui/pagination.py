"""Cut a long list into pages that say in words where the reader is."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext as _

from ui.numbers import number

GAP = None


@dataclass(frozen=True, slots=True)
class PageOfRows:
    """One page of rows, and what the pagination bar needs."""

    rows: list[Any]
    current: int
    total_rows: int
    first_row: int
    last_row: int
    links: list[int | None]
    previous: int | None
    following: int | None

    @property
    def has_others(self) -> bool:
        """Whether there is more than this page."""
        return self.previous is not None or self.following is not None

    @property
    def summary(self) -> str:
        """Return "21 to 40 of 56", or "" for an empty list."""
        if not self.total_rows:
            return ""
        return _("%(first)s to %(last)s of %(total)s") % {
            "first": number(self.first_row),
            "last": number(self.last_row),
            "total": number(self.total_rows),
        }


def paginate(request: HttpRequest, rows: QuerySet[Any] | Sequence[Any], per_page: int) -> PageOfRows:
    """Return the page that `?page=` asks for, or the nearest existing one.

    The rows of a queryset, which must be ordered, take one query, and their count another where they fill a page.
    """
    first: list[Any] = []
    if isinstance(rows, QuerySet) and request.GET.get("page", "1") == "1":
        first = list(rows[: per_page + 1])
        if len(first) <= per_page:
            rows = first  # All there are, so that nothing is left to count.
    paginator = Paginator(rows, per_page)
    page = paginator.get_page(request.GET.get("page"))
    links = [
        link if isinstance(link, int) else GAP
        for link in paginator.get_elided_page_range(page.number, on_each_side=1, on_ends=1)
    ]
    return PageOfRows(
        rows=first[:per_page] or list(page.object_list),
        current=page.number,
        total_rows=paginator.count,
        first_row=page.start_index(),
        last_row=page.end_index(),
        links=links,
        previous=page.previous_page_number() if page.has_previous() else None,
        following=page.next_page_number() if page.has_next() else None,
    )
