"""The harness itself: what a template asks for in vain fails, and what it may do without does not."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.exceptions import ObjectDoesNotExist
from django.template import engines
from django.template.backends.base import BaseEngine


class Thing:
    """Has a name, and something that is not in the database."""

    name = "Jejak"

    def row(self) -> None:
        raise ObjectDoesNotExist

    def named(self, name: str) -> str:
        return name


def rendered(text: str, **values: Any) -> str:
    django: BaseEngine = engines["django"]
    return django.from_string("{% load i18n ui %}" + text).render(
        {"thing": Thing(), "nothing": None, **values}
    )


def test_what_nobody_gave_fails() -> None:
    for text in (
        "{{ absent }}",
        "{{ absent|capfirst }}",
        "{% if absent %}x{% endif %}",
        "{% if not absent %}x{% endif %}",
        "{% if thing and absent %}x{% endif %}",
        "{% if absent == 1 %}x{% endif %}",
        "{% if thing.nam %}x{% endif %}",
        "{% if thing.row %}x{% endif %}",
        "{% if thing.named %}x{% endif %}",
        "{% if thing.name|default:absent %}x{% endif %}",
        "{% for each in absent %}x{% endfor %}",
        "{% with each=absent %}x{% endwith %}",
        "{% firstof absent thing.name %}",
        "{% icon absent %}",
        '{% include "ui/mark.html" with each=absent %}',
        "{% blocktranslate with each=absent %}{{ each }}{% endblocktranslate %}",
        "{% blocktranslate %}{{ absent }}{% endblocktranslate %}",
    ):
        with pytest.raises(pytest.fail.Exception, match="Undefined template variable"):
            rendered(text)


def test_comparison_that_cannot_be_made_fails() -> None:
    with pytest.raises(TypeError):
        rendered("{% if nothing > 1 %}x{% endif %}")


def test_what_may_be_missing_does_not() -> None:
    for text in (
        '{% if absent|default:"" %}x{% endif %}',
        '{% if not thing.nam|default:"" %}{% endif %}',
        "{% if nothing.name %}x{% endif %}",
        "{% for each in nothing %}x{% endfor %}",
        "{% if nothing %}x{% endif %}",
    ):
        assert rendered(text) == "", text
