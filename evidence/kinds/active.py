"""Content of Office files that acts by itself when the file is opened: parts from elsewhere, DDE, programs in OLE objects.

Links to other workbooks, pictures and pages, embedded documents and pictures stay welcome: office programs ask before they
follow the former, and show the latter.
"""

import re
from collections.abc import Iterator

from evidence.kinds.refusals import Refused

#: No part that is read for this is larger in real files; of a longer one the rest is not text of the document.
MAX_PART_BYTES = 64 * 1024 * 1024

#: Relations whose target is loaded and run or shown as part of the document, without a question.
_LOADED = ("attachedtemplate", "oleobject", "frame", "subdocument", "afchunk")
_RELATION = re.compile(rb"<(?:\w+:)?Relationship\b[^>]{0,8000}>")
_ATTRIBUTE = re.compile(rb"""\b(Type|Target|TargetMode)\s*=\s*(?:"([^"]*)"|'([^']*)')""")
#: On another computer: an address, or a share of a network. A template on the author's own disk is usual and harmless.
_ELSEWHERE = re.compile(
    rb"^\s*(?:https?:|ftps?:|mhtml:|\\\\|//|file:(?:/{0,3}\\\\|//[^/\\]|/{4}))", re.IGNORECASE
)

_FIELD = re.compile(
    rb"""fldCharType\s*=\s*["'](begin|separate|end)["']"""
    rb"""|<\w+:instrText\b[^>]*>([^<]*)<"""
    rb"""|<\w+:fldSimple\b[^>]*?\binstr\s*=\s*(?:"([^"]*)"|'([^']*)')"""
)
_DDE_FIELD = re.compile(rb"""^[\s"']*DDE(?:AUTO)?\b""", re.IGNORECASE)
_DDE_LINK = re.compile(rb"<(?:\w+:)?(?:ddeLink|dde-source|dde-link|dde-connection-decl)\b")
_SCRIPT_LINK = re.compile(rb"vnd\.sun\.star\.script:|macro:///?", re.IGNORECASE)

_OLE_START = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_PACKAGE = "Ole10Native".encode("utf-16-le")
PROGRAM_NAME = rb"\.(?:exe|dll|scr|com|pif|cpl|bat|cmd|ps1|vb[es]?|jse?|ws[fh]?|hta|lnk|msi|jar|reg|iso|img|vhdx?|settingcontent-ms)"
_PROGRAM_FILE = re.compile(rb"[^\x00]" + PROGRAM_NAME + rb"\x00", re.IGNORECASE)


def demand_inert(name: str, content: bytes) -> None:
    """Raise Refused if a part of an Office file acts by itself; `content` is its beginning of MAX_PART_BYTES at most."""
    lower = name.lower()
    if lower.endswith(".rels"):
        _demand_own_parts(content)
    elif lower.endswith(".xml"):
        if _DDE_LINK.search(content) or any(map(_DDE_FIELD.match, _fields(content))):
            raise Refused("starts_program")
        if _SCRIPT_LINK.search(content) and not lower.startswith(("word/", "xl/", "ppt/")):
            raise Refused("macros")
    elif content.startswith(_OLE_START):
        _demand_no_program(content)


def is_read(name: str, start: bytes) -> bool:
    """Whether `demand_inert` has anything to say of a part of this name and beginning."""
    return name.lower().endswith((".xml", ".rels")) or start.startswith(_OLE_START)


def _demand_own_parts(relations: bytes) -> None:
    for relation in _RELATION.findall(relations):
        told = {key: double or single for key, double, single in _ATTRIBUTE.findall(relation)}
        kind = told.get(b"Type", b"").rpartition(b"/")[2].lower().decode("ascii", "replace")
        is_outside = told.get(b"TargetMode", b"").lower() == b"external"
        if is_outside and kind in _LOADED and _ELSEWHERE.search(told.get(b"Target", b"")):
            raise Refused("loads_from_elsewhere")


def _fields(content: bytes) -> Iterator[bytes]:
    """Yield the instructions of a Word part's fields, also those that are cut into several runs."""
    instruction: list[bytes] = []
    for mark, text, double, single in _FIELD.findall(content):
        if double or single:
            yield double or single
        elif mark:
            yield b"".join(instruction)
            instruction = []
        else:
            instruction.append(text.replace(b"&quot;", b'"'))
    yield b"".join(instruction)


def _demand_no_program(container: bytes) -> None:
    """Raise Refused if an OLE container holds a program, or a file that the system would run, as a package."""
    at = container.find(b"MZ")
    while at >= 0:
        header = container[at + 0x3C : at + 0x40]
        begins = at + int.from_bytes(header, "little")
        if len(header) == 4 and container[begins : begins + 4] == b"PE\0\0":
            raise Refused("holds_program")
        at = container.find(b"MZ", at + 1)
    if _PACKAGE in container and _PROGRAM_FILE.search(container):
        raise Refused("holds_program")
