"""Write counts as official papers do, in words and in figures: tujuh (7), seven (7)."""
# ruff: noqa: SIM905 - names in a row read better than a list of ten lines

from ui.dates import supported_language
from ui.numbers import number

_MALAY = "kosong satu dua tiga empat lima enam tujuh lapan sembilan sepuluh sebelas".split()
_ENGLISH = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen".split()
)
_ENGLISH_TENS = "- - twenty thirty forty fifty sixty seventy eighty ninety".split()
#: Papers write larger counts in figures alone.
_MOST_IN_WORDS = 999_999


def count_words(count: int, *, language: str | None = None) -> str:
    """Return a count (0 or more) in words and figures, in the active language: "dua puluh satu (21)".

    Above 999,999, in figures alone: "1,000,000".
    """
    if count > _MOST_IN_WORDS:
        return number(count)
    words = _english if supported_language(language) == "en" else _malay
    return f"{words(count)} ({number(count)})"


def _malay(count: int) -> str:
    if count < len(_MALAY):
        return _MALAY[count]
    if count < 20:
        return f"{_MALAY[count - 10]} belas"
    for size, name in ((1_000, "ribu"), (100, "ratus"), (10, "puluh")):
        if count >= size:
            many, rest = divmod(count, size)
            begun = f"se{name}" if many == 1 else f"{_malay(many)} {name}"
            return f"{begun} {_malay(rest)}" if rest else begun
    raise ValueError(count)


def _english(count: int) -> str:
    if count < len(_ENGLISH):
        return _ENGLISH[count]
    if count < 100:
        tens, rest = divmod(count, 10)
        return f"{_ENGLISH_TENS[tens]}-{_ENGLISH[rest]}" if rest else _ENGLISH_TENS[tens]
    size, name = (1_000, "thousand") if count >= 1_000 else (100, "hundred")
    many, rest = divmod(count, size)
    begun = f"{_english(many)} {name}"
    if not rest:
        return begun
    return f"{begun} {_english(rest)}" if rest >= 100 else f"{begun} and {_english(rest)}"
