"""A page of summaries as a browser reads it: its parts by their names, and what its forms would send."""

from __future__ import annotations

from django.http import HttpResponse
from lxml import html


class Page:
    """The parts of a response."""

    def __init__(self, response: HttpResponse) -> None:
        self.text = response.content.decode()
        self.root = html.fromstring(self.text)

    def words(self, part: str) -> str:
        """What is read in the part with this id."""
        found = self.root.get_element_by_id(part).text_content()
        return " ".join(found.replace("\u00a0", " ").split())

    def links(self, part: str) -> set[str]:
        """Where the links of a part lead."""
        return {link.get("href") for link in self.root.get_element_by_id(part).iter("a")}

    def fields(self, form: str) -> dict[str, str]:
        """What a form would send as it stands, but for its token and its buttons."""
        (found,) = [each for each in self.root.forms if each.get("id") == form]
        sent = {name: value for name, value in found.form_values() if value}
        sent.pop("csrfmiddlewaretoken", None)
        return sent

    def is_hidden(self, part: str) -> bool:
        return self.root.get_element_by_id(part).get("hidden") is not None
