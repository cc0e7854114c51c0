"""Icons as inline SVG: our own for states and the assessment window, lucide for the rest.

All are hidden from screen readers.
"""

from functools import lru_cache
from html import escape

from django.utils.safestring import SafeString, mark_safe
from lucide.templatetags.lucide import lucide

# A circle that is empty, half full or ticked: the state can be told without colour.
_OWN_SQUARE = {
    "empty": '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="1.75"/>',
    "half": (
        '<circle cx="8" cy="8" r="5.75" fill="none" stroke="currentColor" stroke-width="1.75"/>'
        '<path d="M8 2.25a5.75 5.75 0 0 1 0 11.5z" fill="currentColor"/>'
    ),
    "ticked": (
        '<circle cx="8" cy="8" r="6.6" fill="currentColor"/>'
        '<path class="icon__tick" d="m5.2 8.3 1.9 1.9 3.7-4.1" fill="none" stroke-width="1.75"'
        ' stroke-linecap="round" stroke-linejoin="round"/>'
    ),
}
# A bar against the two posts of the window.
_POSTS = '<path d="M{left} 1.5v11M{right} 1.5v11" stroke="currentColor" stroke-width="1.75" fill="none"/>'
_OWN_WIDE = {
    "inside": _POSTS.format(left=2, right=14)
    + '<rect x="5" y="5" width="6" height="4" rx="1" fill="currentColor"/>',
    "spanning": _POSTS.format(left=6, right=17)
    + '<rect x="0" y="5" width="12" height="4" rx="1" fill="currentColor"/>',
    "before": _POSTS.format(left=7, right=17)
    + '<rect x="0" y="5" width="4" height="4" rx="1" fill="currentColor"/>',
    "after": _POSTS.format(left=1, right=11)
    + '<rect x="14" y="5" width="4" height="4" rx="1" fill="currentColor"/>',
}


@lru_cache(maxsize=512)
def icon(name: str, css_class: str = "") -> SafeString:
    """Return the inline SVG of an icon. Raises `lucide.IconDoesNotExist` for an unknown name."""
    classes = escape(f"icon {css_class}".strip())
    if name in _OWN_SQUARE:
        return _svg(classes, "0 0 16 16", _OWN_SQUARE[name], width=16, height=16)
    if name in _OWN_WIDE:
        return _svg(f"{classes} icon--wide", "0 0 18 14", _OWN_WIDE[name], width=18, height=14)
    drawn = lucide(name, size=16, **{"class": classes, "aria_hidden": "true", "focusable": "false"})
    return mark_safe(drawn.strip())  # noqa: S308 - drawn by the icon package, and an escaped class


def _svg(classes: str, view_box: str, inner: str, *, width: int, height: int) -> SafeString:
    """Return one of our own drawings as an SVG element."""
    return mark_safe(  # noqa: S308 - our own drawings and an escaped class
        f'<svg class="{classes}" viewBox="{view_box}" width="{width}" height="{height}"'
        f' aria-hidden="true" focusable="false">{inner}</svg>'
    )
