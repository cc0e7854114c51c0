"""What stands before and after a place in the same sentence."""

import re

#: The end of a sentence: a stop before a space, but not the one of "No. 3".
_END = re.compile(r"(?<!\b[Nn]o)[.!?;](?=\s)|\n")


def before(text: str, place: int, reach: int) -> str:
    """Return at most `reach` characters before `place`, from the same sentence."""
    nearby = text[max(0, place - reach) : place]
    last = 0
    for end in _END.finditer(nearby):
        last = end.end()
    return nearby[last:]


def after(text: str, place: int, reach: int) -> str:
    """Return at most `reach` characters from `place` on, to the end of the sentence."""
    nearby = text[place : place + reach]
    end = _END.search(nearby)
    return nearby[: end.start()] if end else nearby


def sentence_around(text: str, start: int, end: int, reach: int = 90) -> tuple[str, str]:
    """Return what stands before `start` and after `end` in the same sentence, at most `reach` characters each."""
    return before(text, start, reach), after(text, end, reach)
