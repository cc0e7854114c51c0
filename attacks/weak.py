"""Defences of nginx and of the database that can be taken off one at a time; those of the processes: undefended/sitecustomize.py."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import NamedTuple


class Statements(NamedTuple):
    """What takes a defence off a database, and puts it back."""

    do: str
    undo: str


def _old_tls(site: str) -> str:
    site = site.replace("ssl_protocols TLSv1.2 TLSv1.3", "ssl_protocols TLSv1 TLSv1.1 TLSv1.2 TLSv1.3")
    return site.replace("ssl_ciphers ECDHE", "ssl_ciphers ALL:@SECLEVEL=0:ECDHE")


def _served_settings(site: str) -> str:
    """Let the site serve the folder of settings, which lies beside that of its pages."""
    found = re.search(r"root (/\S+)/pages;", site)
    assert found, "the site shows no pages of its own"
    folder = found[1]
    return site.replace(
        "  location / {", f"  location = /web.env {{ root {folder}/state; }}\n\n  location / {{", 2
    )


WEAK_NGINX: dict[str, Callable[[str], str]] = {
    "new versions of TLS alone": _old_tls,
    "nginx serves no files of its own": _served_settings,
}
WEAK_DATABASE: dict[str, Statements] = {
    "rights and triggers of the log": Statements(
        "GRANT ALL ON audit_event, audit_link TO jejak_web; ALTER TABLE audit_event DISABLE TRIGGER USER; ALTER TABLE audit_link DISABLE TRIGGER USER",
        "REVOKE ALL ON audit_event, audit_link FROM jejak_web; GRANT SELECT ON audit_event, audit_link TO jejak_web; "
        "ALTER TABLE audit_event ENABLE TRIGGER USER; ALTER TABLE audit_link ENABLE TRIGGER USER",
    ),
    "the key of seals is closed": Statements(
        "GRANT SELECT ON audit_sealkey TO jejak_web", "REVOKE SELECT ON audit_sealkey FROM jejak_web"
    ),
    "what stands is guarded": Statements(
        "GRANT UPDATE ON recommendations_submission TO jejak_web; ALTER TABLE recommendations_submission DISABLE TRIGGER USER",
        "REVOKE UPDATE ON recommendations_submission FROM jejak_web; ALTER TABLE recommendations_submission ENABLE TRIGGER USER",
    ),
}
