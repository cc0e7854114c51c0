"""Template tags for pages that list files: `{% load documents %}`."""

from django import template
from django.template import Context

from evidence import scanning

register = template.Library()


@register.inclusion_tag("evidence/unscanned_note.html", takes_context=True)
def unscanned_note(context: Context) -> dict[str, bool]:
    """Say once on a page with files that none of them is scanned; nothing where its head says so, or files are scanned."""
    return {"is_shown": not scanning.is_on() and not context.get("scan_text")}
