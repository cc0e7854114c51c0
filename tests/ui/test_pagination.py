"""Pages of a long list."""

from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.template import Context
from django.template.loader import get_template
from django.test import RequestFactory

from ui.pagination import paginate


def page_of(rf: RequestFactory, address: str, count: int = 56) -> str:
    request = rf.get(address)
    page = paginate(request, range(count), 20)
    context = Context({"page": page})
    context.request = request  # as in a RequestContext, without the processors
    return get_template("ui/pagination.html").template.render(context)


def test_paginate_gives_nearest_page(rf: RequestFactory) -> None:
    for asked, current in (("2", 2), ("", 1), ("nonsense", 1), ("99", 3), ("-4", 3)):
        assert paginate(rf.get(f"/?page={asked}"), range(56), 20).current == current, asked


def test_paginate_says_where_the_reader_is(rf: RequestFactory) -> None:
    page = paginate(rf.get("/?page=2"), range(56), 20)
    assert (page.first_row, page.last_row, page.total_rows) == (21, 40, 56)
    assert page.rows == list(range(20, 40))
    assert all(number in page.summary for number in ("21", "40", "56"))


def test_paginate_keeps_the_filters_in_links(rf: RequestFactory) -> None:
    html = page_of(rf, "/?agency=JTK&page=2")
    assert 'href="?agency=JTK&amp;page=3"' in html
    assert html.count('aria-current="page"') == 1


def test_paginate_shows_no_bar_for_one_page(rf: RequestFactory) -> None:
    assert page_of(rf, "/", count=20).strip() == ""
    assert paginate(rf.get("/"), [], 20).summary == ""


def test_paginate_leaves_a_gap_in_many_pages(rf: RequestFactory) -> None:
    assert None in paginate(rf.get("/?page=10"), range(400), 20).links


@pytest.mark.django_db
def test_rows_that_fill_no_page_are_not_counted(rf: RequestFactory, django_assert_num_queries: Any) -> None:
    """`more`: so many rows a page has room for beyond those that there are."""
    for asked, more, queries in (("", 0, 1), ("?page=1", 0, 1), ("", -1, 2), ("?page=2", 0, 2)):
        found = list(ContentType.objects.order_by("pk"))
        with django_assert_num_queries(queries):
            page = paginate(rf.get(f"/{asked}"), ContentType.objects.order_by("pk"), len(found) + more)
        assert page.rows == found[: len(found) + more], asked
        assert (page.total_rows, page.current, page.has_others) == (len(found), 1, more < 0), asked
