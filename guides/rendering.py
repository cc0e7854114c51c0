"""Turn a guide's Markdown file into a page: its title, its sections for the list of contents, and HTML.

The files of `texts/` are named `GUIDE.LANGUAGE.md`. Beside Markdown they know three things, each by its name: a link to a page of the
product, `[My work](page:recommendations:my_work)`; a link to another guide, `[summaries](page:guides:summaries)`; and a picture,
`![What it shows](picture:my-work)`, of which there is one for each language.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from pathlib import Path

from django.templatetags.static import static
from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe
from markdown_it import MarkdownIt
from markdown_it.token import Token

from guides.catalogue import GUIDES

TEXTS = Path(__file__).parent / "texts"
#: Every picture has this size, in CSS pixels: the page keeps the room for it while it loads.
PICTURE_SIZE = (1280, 900)
_PAGE, _PICTURE = "page:", "picture:"


@dataclass(frozen=True)
class Section:
    """One heading below the title, with its place on the page."""

    anchor: str
    title: str


@dataclass(frozen=True)
class Guide:
    """A guide that is ready to be shown."""

    title: str
    sections: tuple[Section, ...]
    html: SafeString


@cache
def guide_of(name: str, language: str) -> Guide:
    """Return the guide of this name in a language. Raises FileNotFoundError when there is none."""
    return render((TEXTS / f"{name}.{language}.md").read_text(encoding="utf-8"), language)


def render(text: str, language: str) -> Guide:
    """Return the guide of a Markdown text that begins with its title.

    Raises NoReverseMatch for a page, and ValueError for a static file, that does not exist.
    """
    markdown = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = markdown.parse(text)
    title = tokens[1].content
    sections: list[Section] = []
    for opening, content in _headings(tokens):
        section = Section(f"part-{len(sections) + 1}", content.content)
        opening.attrSet("id", section.anchor)
        sections.append(section)
    for token in _inside(tokens):
        _resolve(token, language)
    html = markdown.renderer.render(tokens[3:], markdown.options, {})
    # The text is a file of the product, and raw HTML in it is shown as text.
    return Guide(title, tuple(sections), mark_safe(html))  # noqa: S308


def _headings(tokens: Sequence[Token]) -> Iterator[tuple[Token, Token]]:
    """Yield each heading of the second level: the token that opens it, and the one that holds its words."""
    for token, following in pairwise(tokens):
        if token.type == "heading_open" and token.tag == "h2":
            yield token, following


def _inside(tokens: Sequence[Token]) -> Iterator[Token]:
    for token in tokens:
        yield from token.children or ()


def _resolve(token: Token, language: str) -> None:
    """Put addresses in the place of names of pages and pictures."""
    href, source = str(token.attrGet("href") or ""), str(token.attrGet("src") or "")
    if href.startswith(_PAGE):
        token.attrSet("href", _address(href.removeprefix(_PAGE)))
    if source.startswith(_PICTURE):
        token.attrSet("src", static(f"guides/{source.removeprefix(_PICTURE)}-{language}.webp"))
        token.attrSet("loading", "lazy")
        for name, length in zip(("width", "height"), PICTURE_SIZE, strict=True):
            token.attrSet(name, str(length))


def _address(name: str) -> str:
    """Return the address of a page, or of another guide."""
    app, _colon, guide = name.partition(":")
    return reverse("guides:named", args=[guide]) if app == "guides" and guide in GUIDES else reverse(name)
