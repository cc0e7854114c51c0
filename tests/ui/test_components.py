"""The small parts of pages: a word beside every colour, and everything typed is escaped."""

from datetime import UTC, date, datetime

from django.template import Context, Template
from django.utils import translation
from django.utils.html import strip_tags

from ui.components import DOT_LINES, STATE_TONES, WINDOWS, cell, file_name
from ui.icons import icon
from ui.templatetags.ui import fold


def render(source: str, **values: object) -> str:
    return Template("{% load ui %}" + source).render(Context(values))


def test_icon_is_hidden_from_screen_readers() -> None:
    for name in ("paperclip", *STATE_TONES, *WINDOWS):
        assert 'aria-hidden="true"' in icon(name), name
        assert 'class="icon' in icon(name), name


def test_icon_with_hostile_class_is_escaped() -> None:
    assert "<script" not in icon("half", '"><script>')


def test_piece_says_its_word_and_escapes_it() -> None:
    for source in (
        "{% chip 'danger' word icon='empty' %}",
        "{% flag 'warning' word icon='clock' %}",
        "{% state 'half' word percent=40 %}",
        "{% window_label 'inside' word %}",
        "{% tag word %}",
        "{% tag 'x' title=word %}",
        "{% progress 40 word %}",
        "{% banner 'warning' word %}",
        "{% empty_state word line='done' %}",
    ):
        html = render(source, word="Lewat <b>")
        assert "Lewat &lt;b&gt;" in html, source
        assert "style=" not in html, source


def test_window_label_without_kind_is_nothing() -> None:
    assert render("{% window_label '' 'x' %}") == ""


def test_cell_says_its_word_and_draws_its_marks() -> None:
    for url in ("", "/items/"):
        html = cell("half", "Lewat <b>", url=url, lead=True, marks=("late", "stale"))
        assert html.count("Lewat &lt;b&gt;") == 2, url
        assert "cell__mark--late" in html and "cell__mark--stale" in html and "cell--lead" in html, url
        assert "style=" not in html and ("href" in html) == bool(url), url


def test_suggested_cell_shows_no_state() -> None:
    html = cell("half", "Cadangan", dashed=True)
    assert "cell--dashed" in html and "cell--warning" not in html
    assert "<svg" not in html


def test_sign_of_a_legend_is_silent() -> None:
    assert 'aria-hidden="true"' in cell("half", "")


def test_dot_line_is_drawn_for_each_kind() -> None:
    for kind in DOT_LINES:
        assert "dot-line__dot" in render("{% dot_line kind %}", kind=kind), kind


def test_breadcrumb_marks_this_page() -> None:
    html = render("{% breadcrumb '/items/' 'Items' '' 'Item 2' %}")
    assert '<a href="/items/">Items</a>' in html
    assert '<span aria-current="page">Item 2</span>' in html


def test_clock_places_are_svg_lengths() -> None:
    html = render("{% clock_line 45.6284 50 'Day 167' %}")
    assert 'cx="45.63%"' in html
    assert 'x1="50.00%"' in html
    assert "clock__interim" not in render("{% clock_line 10 none 'x' %}", none=None)


def test_window_clock_shows_months_and_dates() -> None:
    clock = {
        "percent": 92,
        "interim_percent": 50,
        "due_percent": None,
        "day_text": "Day 337",
        "of_text": "of 366",
        "left_text": "29 days left",
        "today_label": "Today",
        "window_text": "1 April – 31 March",
        "months": [{"label": "Apr", "percent_from": 0, "percent_to": 8.2}],
        "dates": [
            {"mark": "interim", "label": "Interim, 30 September", "words": "154 days ago", "is_over": True}
        ],
    }
    html = render("{% window_clock clock %}", clock=clock)
    assert 'aria-label="Day 337 of 366"' in html
    assert 'width="8.20%"' in html
    assert 'text-anchor="end">Today' in html and "29 days left" in html
    assert '<li class="is-over">' in html and "154 days ago" in html


def test_print_frame_repeats_the_class_and_says_who_prints() -> None:
    for day, told in (
        (None, "As at 5 September 2023, 9:30 am, printed by Aminah"),
        (date(2023, 8, 1), "As at 1 August 2023, printed by Aminah"),
    ):
        now = datetime(2023, 9, 5, 1, 30, tzinfo=UTC)
        source = "{% print_frame 'Terhad' by='Aminah' now=now day=day %}<p>Inside</p>{% endprint_frame %}"
        with translation.override("en"):
            html = render(source, now=now, day=day).replace("\N{NO-BREAK SPACE}", " ")
        assert html.count("Terhad") == 2, day
        assert "<p>Inside</p>" in html and told in html, day


def test_a_menu_of_one_entry_becomes_that_entry() -> None:
    assert fold("abcdefg", 6) == {"shown": "abcdefg", "folded": ""}
    assert fold("abcdefgh", 6) == {"shown": "abcdef", "folded": "gh"}
    assert fold("abc", 6) == {"shown": "abc", "folded": ""}


def test_a_long_file_name_keeps_its_extension() -> None:
    drawn = file_name("Laporan taklimat ladang Julai hingga September 2023.pdf")
    assert 'title="Laporan taklimat ladang Julai hingga September 2023.pdf"' in drawn
    assert 'data-end="mber 2023.pdf"' in drawn
    assert strip_tags(drawn) == "Laporan taklimat ladang Julai hingga September 2023.pdf"
    assert file_name("<Resit>.pdf") == "&lt;Resit&gt;.pdf"
