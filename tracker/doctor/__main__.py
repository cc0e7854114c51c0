"""`python -m tracker.doctor [--json] [--owner]`: one line for each part; ends with 1 when something is broken."""

import argparse
import json
import logging
import os
import sys
from collections.abc import Iterable

from tracker.env import BadSetting


def main(arguments: list[str]) -> int:
    """Print what is said of each part; return 1 when one is broken, else 0."""
    parser = argparse.ArgumentParser(prog="python -m tracker.doctor", description="Say what Jejak needs.")
    parser.add_argument("--json", action="store_true", help="for machines")
    parser.add_argument(
        "--owner", action="store_true", help="the owner's address is here on purpose (migrate)"
    )
    asked = parser.parse_args(arguments)
    os.environ.pop("JEJAK_DATABASE_ROLE", None)
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tracker.settings")
    try:
        lines = _lines(is_owner_meant=asked.owner)
    except BadSetting as error:
        lines = _refused(str(error))
    is_broken = any(line["condition"] == "broken" for line in lines)
    if asked.json:
        print(json.dumps({"broken": is_broken, "parts": lines}, indent=1, ensure_ascii=False))
    else:
        _print(lines)
    return int(is_broken)


def _refused(sentence: str) -> list[dict[str, str]]:
    """Return what is said of settings that stop every start: the sentence, and names that may have been meant."""
    from tracker.doctor.names import look_at_names

    condition, more = look_at_names()
    lines = [{"part": "settings", "condition": "broken", "sentence": sentence}]
    if condition == "look at this" and more != sentence:
        lines.append({"part": "settings", "condition": str(condition.value), "sentence": more})
    return lines


def _lines(*, is_owner_meant: bool) -> list[dict[str, str]]:
    """Return what is said of each part. Raises BadSetting."""
    import django

    import tracker.settings  # noqa: F401 - read for its refusals

    django.setup()
    logging.disable(logging.CRITICAL)
    from django.urls import get_resolver

    from tracker.doctor.parts import examine_all

    # All views, which takes seconds on a busy machine: no part's five are for that.
    _ = get_resolver().reverse_dict
    return [
        {"part": each.part, "condition": each.condition.value, "sentence": each.sentence}
        for each in examine_all(is_owner_meant=is_owner_meant)
    ]


def _print(lines: Iterable[dict[str, str]]) -> None:
    for line in lines:
        print(f"{line['condition']:<14} {line['part']:<15} {line['sentence']}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
