"""The web process and the libraries that open files."""

from __future__ import annotations

import subprocess
import sys

from django.conf import settings


def test_web_process_never_imports_a_reader() -> None:
    """Settings, URLs, middleware and every view: none of them imports a library that opens files."""
    code = """
import sys
import django
django.setup()
import tracker.wsgi
from django.urls import get_resolver
def walk(patterns):
    for pattern in patterns:
        walk(getattr(pattern, "url_patterns", [])) or getattr(pattern, "callback", None)
walk(get_resolver().url_patterns)
print(*sorted(name for name in sys.modules if name.split(".")[0] in
    ("pypdfium2", "docx", "pptx", "odfdo", "olefile", "filetype") or name.startswith(("evidence.extraction", "evidence.text_extraction", "evidence.kinds.images"))))
"""
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=settings.BASE_DIR, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == []
