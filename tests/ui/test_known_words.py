"""The tag `translate`: words of the template are known in each language, everything else is looked up as Django does."""

from __future__ import annotations

import pytest
from django.template import Context, Template
from django.utils import translation

from ui.known_words import KnownWords


def rendered(template: Template, language: str, **values: object) -> str:
    with translation.override(language):
        return template.render(Context(values))


@pytest.mark.parametrize(
    ("tag", "english", "malay"),
    [
        ('{% translate "Agency" %}', "Agency", "Agensi"),
        ('{% trans "Agency" %}', "Agency", "Agensi"),
        ('{% translate "Agency" as word %}[{{ word }}]', "[Agency]", "[Agensi]"),
        ('{% translate "hidden" context "number" %}', "hidden", "tidak dipaparkan"),
        ('{% translate "Agency" noop %}', "Agency", "Agency"),
    ],
)
def test_words_of_a_template_stand_in_each_language(tag: str, english: str, malay: str) -> None:
    template = Template("{% load i18n %}" + tag)
    assert any(isinstance(node, KnownWords) for node in template.nodelist)
    for _time in range(2):
        assert rendered(template, "en") == english
        assert rendered(template, "ms") == malay


@pytest.mark.parametrize(
    ("tag", "first", "second"),
    [
        ("{% translate word %}", "Agensi", "Tarikh akhir"),
        ("{% translate word as told %}{{ told }}", "Agensi", "Tarikh akhir"),
        ('{% translate "Agency"|add:word %}', "AgensiAgency", "AgensiDue date"),
    ],
)
def test_words_that_are_given_are_looked_up_each_time(tag: str, first: str, second: str) -> None:
    template = Template("{% load i18n %}" + tag)
    assert not any(isinstance(node, KnownWords) for node in template.nodelist)
    assert rendered(template, "ms", word="Agency") == first
    assert rendered(template, "ms", word="Due date") == second
