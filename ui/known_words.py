"""`{% load i18n %}`: Django's own tags, of which `translate` looks its words up once in each language.

A page holds sixty of them, and none of their words depends on who reads it.
"""

from __future__ import annotations

from typing import Any

from django.template import Library, Node
from django.template.base import Parser, Token
from django.template.context import Context
from django.templatetags import i18n
from django.utils.translation import get_language

register = Library()
register.tags.update(i18n.register.tags)
register.filters.update(i18n.register.filters)


class KnownWords(Node):
    """The words of a `translate` tag that stand in the template itself; once looked up, they are known."""

    child_nodelists = ()

    def __init__(self, words: Any, name: str | None) -> None:
        self._words, self._name = words, name
        self._known: dict[str | None, str] = {}

    def render(self, context: Context) -> str:
        language = get_language()
        text = self._known.get(language)
        if text is None:
            text = self._known[language] = self._words.render(context)
        if self._name is None:
            return text
        context[self._name] = text
        return ""


@register.tag("translate")
@register.tag("trans")
def translate(parser: Parser, token: Token) -> Node:
    """Return Django's own tag; where its words are constant, one that keeps them."""
    node: Any = i18n.do_translate(parser, token)
    of_words, of_context = node.filter_expression, node.message_context
    is_constant = of_words.var.literal is not None and not of_words.filters
    if not is_constant or (of_context is not None and of_context.is_var):
        return node
    name, node.asvar = node.asvar, None
    return KnownWords(node, name)
