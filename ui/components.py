"""Small parts of a page as HTML. They know no noun of the domain: labels and kinds are plain values."""

import html
from collections.abc import Iterable
from functools import lru_cache

from django.utils.functional import Promise
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString, mark_safe

from ui.diff import changed_words
from ui.icons import icon as draw_icon
from ui.numbers import percent as percent_text

Words = str | Promise

NOTHING = SafeString("")
# The tone that each state icon is drawn in.
STATE_TONES = {"empty": "danger", "half": "warning", "ticked": "success"}
# Classes are written out, so that a search finds every one; an unknown kind fails.
CHIPS = {
    "danger": "chip chip--danger",
    "warning": "chip chip--warning",
    "success": "chip chip--success",
    "info": "chip chip--info",
    "neutral": "chip",
    "returned": "chip chip--returned",
    "dashed": "chip chip--dashed",
}
WINDOWS = {
    "inside": "window window--success",
    "spanning": "window window--warning",
    "before": "window",
    "after": "window",
}
CELLS = {"empty": "cell cell--danger", "half": "cell cell--warning", "ticked": "cell cell--success"}
# Drawn, not coloured: paper keeps them, and each has a shape and a corner of its own.
_CELL_MARK = '<svg class="cell__mark cell__mark--{0}" viewBox="0 0 12 12" aria-hidden="true" focusable="false">{1}</svg>'
CELL_MARKS = {
    name: _CELL_MARK.format(name, drawing)
    for name, drawing in {
        "waiting": '<circle cx="6" cy="6" r="4.25"/>',
        "late": '<path d="M6 .8 11.5 11H.5z"/>',
        "returned": '<path d="M5.5 1.5 2 5l3.5 3.5M2 5h5a3 3 0 0 1 3 3v2.5"/>',
        "stale": '<circle cx="6" cy="6" r="4.5"/><path d="M6 3.4V6l1.8 1.4"/>',
        "differs": '<path d="M2 4.3h8M2 7.7h8M8.2 1.5 3.8 10.5"/>',
    }.items()
}
BANNERS = {
    "info": ("banner banner--info", "info"),
    "warning": ("banner banner--warning", "triangle-alert"),
    "danger": ("banner banner--danger", "circle-alert"),
}

LINE_PARTS = {
    "empty": "state-line__part",
    "half": "state-line__part state-line__part--warning",
    "ticked": "state-line__part state-line__part--success",
}


def state_icon(kind: str) -> SafeString:
    """Return the coloured circle alone, hidden from screen readers: a word must stand beside it."""
    return draw_icon(kind, f"tone-{STATE_TONES[kind]}")


def state(kind: str, label: Words, *, percent: int | None = None) -> SafeString:
    """Return the coloured circle, its word, and the percentage if there is one."""
    return _state(kind, str(label), percent)


@lru_cache(maxsize=512)
def _state(kind: str, label: str, percent: int | None) -> SafeString:
    """Return the HTML of `state`; cached, because a page repeats few combinations."""
    share = (
        NOTHING if percent is None else format_html(' <span class="quiet">{}</span>', percent_text(percent))
    )
    return format_html('<span class="state">{}<span>{}</span>{}</span>', state_icon(kind), label, share)


def chip(tone: str, label: Words, icon: str = "") -> SafeString:
    """Return a pill with icon and word. Tones: danger, warning, success, info, neutral, returned, dashed."""
    drawing = draw_icon(icon) if icon else NOTHING
    return format_html('<span class="{}">{}{}</span>', CHIPS[tone], drawing, label)


def flag(tone: str, label: Words, icon: str) -> SafeString:
    """Return an icon and a bold word without a box: late, due soon, scanned."""
    return format_html('<span class="flag tone-{}">{}{}</span>', tone, draw_icon(icon), label)


def window_label(kind: str, label: Words) -> SafeString:
    """Return a bar against the two ends of the window, with its word; nothing without a kind."""
    if not kind:
        return NOTHING
    return format_html('<span class="{}">{}{}</span>', WINDOWS[kind], draw_icon(kind), label)


def tag(code: Words, *, title: Words = "", dashed: bool = False) -> SafeString:
    """Return a short code in a box; dashed while it is only a suggestion."""
    return _tag(str(code), str(title), dashed)


@lru_cache(maxsize=512, typed=True)
def _tag(code: str, title: str, dashed: bool) -> SafeString:
    """Return the HTML of `tag`; cached, because pages repeat the codes of few agencies."""
    dash = " tag--dashed" if dashed else ""
    if title:
        return format_html('<abbr class="tag{}" title="{}">{}</abbr>', dash, title, code)
    return format_html('<span class="tag{}">{}</span>', dash, code)


def cell(
    kind: str,
    label: Words,
    *,
    url: str = "",
    lead: bool = False,
    dashed: bool = False,
    marks: Iterable[str] = (),
) -> SafeString:
    """Return a heat cell. `label` says everything in words, for screen readers.

    Marks: waiting, late, returned, stale, differs. Without a label it is a sample for a legend, silent beside
    its word.
    """
    classes = "cell cell--dashed" if dashed else CELLS.get(kind, "cell")
    classes += " cell--lead" if lead else ""
    drawing = "" if dashed or not kind else draw_icon(kind)
    # Joined by hand, as in `heat_table_cells`.
    inner = drawing + "".join(CELL_MARKS[mark] for mark in marks)
    words = html.escape(str(label))
    if not words:
        drawn = f'<span class="{classes}" aria-hidden="true">{inner}</span>'
    elif url:
        drawn = (
            f'<a class="{classes}" href="{html.escape(url)}" title="{words}">{inner}'
            f'<span class="visually-hidden">{words}</span></a>'
        )
    else:
        drawn = f'<span class="{classes}" title="{words}">{inner}<span class="visually-hidden">{words}</span></span>'
    return mark_safe(drawn)  # noqa: S308 - the words and the address are escaped, the rest is drawn here


def heat_table_cells(cells: Iterable[tuple[SafeString | None, bool]]) -> SafeString:
    """Return table cells from (mark, is in the chosen column); an empty cell for None.

    Built by joining strings: a heat table has hundreds of cells, and a template loop or format_html is slow
    for each.
    """
    drawn = (f"<td{' class=is-chosen' if is_chosen else ''}>{mark or ''}</td>" for mark, is_chosen in cells)
    return mark_safe("".join(drawn))  # noqa: S308 - the marks are drawn here


def heat_table_row(
    number: int,
    text: str,
    *,
    url: str,
    state: SafeString,
    notes: Iterable[tuple[str, str]],
    cells: SafeString,
    reason: str = "",
) -> SafeString:
    """Return one row of a heat table: number, text, state with notes (icon name, words), then the cells.

    A reason stands below the text, where there is room. Built by joining strings, as `heat_table_cells`.
    """
    told = "".join(
        f'<span class="note matrix__note">{draw_icon(icon_name) if icon_name else ""} {html.escape(words)}</span>'
        for icon_name, words in notes
    )
    why = f'<span class="note clamp">{html.escape(reason)}</span>' if reason else ""
    return mark_safe(  # noqa: S308 - the words and the address are escaped, the rest is drawn here
        f'<tr><td class="matrix__number">{number}</td><th scope="row"><a class="clamp" href="{html.escape(url)}">'
        f'{html.escape(text)}</a>{why}</th><td class="matrix__state">{state}{told}</td>{cells}</tr>'
    )


def heat_table_heads(heads: Iterable[tuple[str, str, str, bool, bool]]) -> SafeString:
    """Return the column heads of a heat table: (code, full name, address, is the reader's own, is chosen)."""
    # Joined by hand, as in `heat_table_cells`.
    drawn = "".join(
        f'<th scope="col" class="matrix__agency{" is-own" if is_own else ""}{" is-chosen" if is_chosen else ""}">'
        f'<a href="{html.escape(url)}" title="{html.escape(name)}"{" aria-current=true" if is_chosen else ""}>'
        f"<span>{html.escape(code)}</span></a></th>"
        for code, name, url, is_own, is_chosen in heads
    )
    return mark_safe(drawn)  # noqa: S308 - the words and the address are escaped


def number_cells(numbers: Iterable[int]) -> SafeString:
    """Return table cells with numbers, built by joining strings as in `heat_table_cells`."""
    drawn = "".join(f'<td class="number">{number}</td>' for number in numbers)
    return mark_safe(drawn)  # noqa: S308 - numbers alone


def options(choices: Iterable[tuple[str, str]], chosen: str) -> SafeString:
    """Return the options of a select, with the chosen one selected."""
    # Joined by hand, as in `heat_table_cells`.
    drawn = "".join(
        f'<option value="{html.escape(value)}"{" selected" if value == chosen else ""}>{html.escape(label)}</option>'
        for value, label in choices
    )
    return mark_safe(drawn)  # noqa: S308 - values and labels are escaped


#: A longer name is cut in its middle where there is no room; so many characters at its end stay.
_SHORT_NAME, _KEPT_END = 24, 13


def file_name(name: str) -> SafeString:
    """Return a file's name that is cut in its middle where there is no room, so that its extension stays.

    The name stands whole in one run of text, to be copied and read aloud as one; the style sheet draws the end that stays.
    `ui/static/ui/upload.js` writes the same for files on their way.
    """
    if len(name) <= _SHORT_NAME:
        return format_html("{}", name)
    return format_html(
        '<span class="file-name" data-end="{2}" title="{0}"><span class="file-name__whole">{1}<span>{2}</span></span></span>',
        name,
        name[:-_KEPT_END],
        name[-_KEPT_END:],
    )


def progress(value: int, label: Words) -> SafeString:
    """Return a bar from 0 to 100 with a spoken name."""
    return format_html(
        '<progress class="progress" max="100" value="{0}" aria-label="{1}">{0}%</progress>', value, label
    )


def changed(old: str, new: str) -> SafeString:
    """Return the new text, with what differs from the old one underlined."""
    return format_html_join(
        "", "{}", ((_marked(text, is_changed),) for text, is_changed in changed_words(old, new))
    )


def _marked(text: str, is_changed: bool) -> SafeString:
    """Return the text, underlined if it is changed."""
    return format_html('<ins class="changed">{}</ins>', text) if is_changed else format_html("{}", text)


def dot_line(kind: str) -> SafeString:
    """Return the product's row of dots in the variant done, missing, broken or plain."""
    return format_html(
        '<svg class="dot-line" viewBox="0 0 140 24" width="140" height="24" aria-hidden="true" focusable="false">{}</svg>',
        DOT_LINES[kind],
    )


def _dots(positions: Iterable[int], css_class: str = "dot-line__dot") -> str:
    """Return circles at these horizontal positions."""
    return "".join(f'<circle class="{css_class}" cx="{x}" cy="12" r="5"/>' for x in positions)


def _line(begin: int, end: int) -> str:
    """Return a line between two horizontal positions."""
    return f'<path class="dot-line__line" d="M{begin} 12H{end}"/>'


DOT_LINES = {
    "done": SafeString(
        _line(6, 118)
        + _dots((6, 34, 62, 90))
        + '<circle class="dot-line__dot" cx="118" cy="12" r="11"/>'
        + '<path class="dot-line__tick" d="m112.5 12.5 4 4 7.5-8.5"/>'
    ),
    "missing": SafeString(
        _line(6, 62) + _dots((6, 34, 62)) + _dots((90, 118), "dot-line__dot dot-line__dot--missing")
    ),
    "broken": SafeString(
        _line(6, 55)
        + _line(77, 126)
        + _dots((6, 34))
        + _dots((98, 126), "dot-line__dot dot-line__dot--still")
        + '<path class="dot-line__cross" d="m60 4 12 16M72 4 60 20"/>'
    ),
    "plain": SafeString(_line(6, 118) + _dots((6, 34, 62, 90, 118))),
}
