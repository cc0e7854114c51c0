"""Cut the secret part from addresses that are written down."""

import re

#: The last part of a one-time link (accounts.urls, set_password) and of a calendar's link (reminders.urls, feed): who
#: reads a log must not be able to use it. A resolver's traceback names paths without their first slash, and a link that
#: was typed in capitals finds nothing but holds the secret. In the query of another address its slashes are escaped.
_SLASH = r"(?:/|%(?:25)*2f)"
_SECRET_LINK = re.compile(
    rf"((?:\b|2f)password{_SLASH}[^/%\s]+{_SLASH}[^/%\s]+{_SLASH}|(?:\b|2f)calendar{_SLASH})(?:[^/%\s\"']|%(?!(?:25)*2f))+",
    re.IGNORECASE,
)
#: All that the provider of single sign-on sends back with the browser.
_SECRET_ANSWER = re.compile(rf"((?:\b|2f)provider{_SLASH}return{_SLASH})[^\s\"']+", re.IGNORECASE)


def hide_secret_links(text: str) -> str:
    """Return the text with … in the place of what one-time links, links of calendars and answers of the provider hold."""
    return _SECRET_ANSWER.sub(r"\1…", _SECRET_LINK.sub(r"\1…", text))
