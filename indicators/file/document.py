"""Reads the source itself: its bytes, which must have the hash that the file gives, and its text."""

from __future__ import annotations

import hashlib
import re
import unicodedata

import yaml
from django.utils.translation import gettext as _

from cycles.file import FilesBeside, FileSection
from indicators.file import words
from indicators.file.entries import SourceEntry
from indicators.states import CODE_LENGTH, NAME_LENGTH

#: Longer than any press statement; more is a mistake, or an attempt to exhaust memory.
MAX_BYTES = 512 * 1024
MEDIA_TYPE = "text/plain"

_HASH = re.compile(r"[0-9a-f]{64}")


def read_source(section: FileSection, beside: FilesBeside) -> SourceEntry:
    """Return the source that the section names, with its text: that of the file beside, or the `text` inside."""
    source = section.section(
        "source",
        required={"code", "title", "published_on", "file", "sha256"},
        optional={"text"},
    )
    title = source.section("title", required={"ms", "en"})
    name = source.text("file", max_length=NAME_LENGTH)
    sha256 = source.text("sha256")
    content = _content(source, beside, name)
    if sha256 and not _HASH.fullmatch(sha256):
        source.problems.add(
            source.line_for("sha256"), _("This is not a SHA-256 of 64 digits and letters a to f.")
        )
    elif content is not None and hashlib.sha256(content).hexdigest() != sha256:
        source.problems.add(
            source.line_for("sha256"),
            _("The text of %(file)s has another SHA-256: it is not the text that was meant.")
            % {"file": name},
        )
    text = _text(source, content or b"")
    return SourceEntry(
        source.line,
        columns={
            "code": words.code(source, source.values.get("code"), key="code").code[:CODE_LENGTH],
            "title_ms": words.plain_text(title, "ms", max_length=NAME_LENGTH),
            "title_en": words.plain_text(title, "en", max_length=NAME_LENGTH),
            "published_on": source.day("published_on"),
            "file_name": name,
            "media_type": MEDIA_TYPE,
            "sha256": sha256,
        },
        content=content or b"",
        text=text,
        lines=tuple(text.split("\n")),
    )


def _content(source: FileSection, beside: FilesBeside, name: str) -> bytes | None:
    """Return the bytes of the source; None after adding the problem."""
    if "text" in source.values:
        node = source.values["text"]
        content = str(node.value).encode() if isinstance(node, yaml.ScalarNode) else b""
        line = source.line_for("text")
    else:
        line = source.line_for("file")
        found = beside.read(name, most=MAX_BYTES) if name else b""
        if found is None:
            source.problems.add(
                line,
                _("There is no file %(file)s beside this one. Give its words here, under “text”.")
                % {"file": name},
            )
            return None
        content = found
    if len(content) > MAX_BYTES:
        reason = _("The source is larger than %(size)s KB.") % {"size": MAX_BYTES // 1024}
        source.problems.add(line, reason)
        return None
    return content


def _text(source: FileSection, content: bytes) -> str:
    """Return the text of the source, "" after adding the problem."""
    line = source.line_for("text" if "text" in source.values else "file")
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        source.problems.add(line, _("The source must be UTF-8 text."))
        return ""
    hidden = next((c for c in text if c != "\n" and unicodedata.category(c) in {"Cc", "Cf", "Cs"}), "")
    if hidden:
        words_ = {"line": text[: text.index(hidden)].count("\n") + 1, "code": f"U+{ord(hidden):04X}"}
        source.problems.add(
            line, _("Line %(line)s of the source contains an invisible character (%(code)s).") % words_
        )
    if content and not text.strip():
        source.problems.add(line, _("The source has no text."))
    return text
