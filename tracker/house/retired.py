"""Words that Jejak no longer says, each with what it says instead (docs/glossary.md has the terms).

`python -m tracker.house.words` refuses them in the texts of both catalogues and in the guides. Add a word here when a term
is replaced, so that it does not come back by a habit of the hand.
"""

import re
from collections.abc import Iterator
from typing import NamedTuple


class Retired(NamedTuple):
    """A pattern of what is not said any more (its own exceptions included), and what is said instead."""

    pattern: str
    instead: str


ENGLISH = (
    Retired(r"\b[Pp]resent password\b", "current password"),
    Retired(r"\b[Ss]ubmit to MAPO\b", "send to MAPO"),
    Retired(r"\bsaves itself\b", "is saved automatically"),
    Retired(r"\b[Bb]r(oken|oke|eaks) off\b", "interrupted"),
    Retired(r"\bgo together\b", "is incorrect"),
    Retired(r"\bsees to it\b", "responsible officer"),
    Retired(r"\b[Tt]o be done by\b", "due date"),
    Retired(r"\b([Ss]end|sent) again by\b(?! e-mail)", "resubmit by"),
    Retired(r"\b(take|taken|took) (it|this|the whole|this update) back\b|\b[Tt]ake back\b", "withdraw"),
    Retired(r"\bis no (percentage|date|status|classification|state)\b(?! with)", "is not a valid …"),
    Retired(r"\bspeaks? (to me|again)\b", "display language; apply again"),
    Retired(
        r"\b[Kk]ept (views?|selections?|filters?)\b|\bKeep (these|this) (filters|selection)\b", "saved, save"
    ),
    Retired(r"\bNarrow it\b", "filters"),
    Retired(r"\b[Mm]ore papers\b", "other formats"),
    Retired(r"\b[Dd]epth\b", "level of detail"),
    Retired(r"\bA4, lying\b", "landscape"),
    Retired(r"(?<!-)\bstands?\b(?! in\b|-)", "is, appears, applies"),
    Retired(r"\banew\b", "again"),
    Retired(r"\bmend\b", "correct"),
    Retired(r"\bhanded out\b", "made, downloaded"),
    Retired(r"\b[Ww]hoever\b", "the person who"),
    Retired(r"\bis yet to\b", "has not"),
    Retired(r"\bgoes out\b(?! at once, outside the digest)|\bwent out\b", "is sent, was sent"),
    Retired(r"\bby (itself|themselves)\b", "automatically"),
    Retired(r"(?<![-–\w(])\b[Mm]ails?\b(?! (server|program))(?!\))", "e-mail"),
    Retired(
        r"\b[Ff]its? (this|these|the) (filters?|selection)\b|\b(item|assignment|suggestion|e-mail) fits\b",
        "matches",
    ),
    Retired(r"\b[Ss]upersed", "replace"),
    Retired(r"\bat the most\b", "at most"),
    Retired(r"\b[Ii]t never fires\b", "this rule never applies"),
    Retired(r"\b(has|have) not come( yet)?\b", "is in the future"),
    Retired(r"\bleft alone\b", "not changed"),
    Retired(r"\bside by side\b", "bilingual"),
    Retired(r"\bToo long open\b|\bopen too long\b", "your session has expired"),
)

MALAY = (
    Retired(r"\b[Tt]etingkap", "tempoh penilaian"),
    Retired(
        r"(?<!tarikh )\bsebelum (atau pada )?%\((day|on)\)s|\b([Hh]antar|dihantar) (semula )?sebelum (?=%\(|tarikh)",
        "selewat-lewatnya pada (for an inclusive date)",
    ),
    Retired(r"\bmeninggalkan hanya\b", "memuatkan hanya"),
    Retired(r"\b(disimpan|dihantar) sendiri\b|\bsendirinya\b", "secara automatik"),
    Retired(r"\bdaripada Dari\b", "daripada tarikh mula"),
    Retired(r"\b[Kk]edudukan pada (?!%\(position\)s|kedudukan)", "setakat"),
    Retired(r"\b[Tt]apisan\b(?! keselamatan)", "penapis"),
    Retired(r"\b[Dd]ibuat asal\b", "dibatalkan (the button stays: Buat asal)"),
    Retired(r"\bmengguna\b", "menggunakan"),
    Retired(r"\b([Dd]ua|[Ss]atu) tekan\b", "klik"),
    Retired(r"\b(pada|atas) kertas\b", "cetakan"),
    Retired(r"\b[Ss]ejawat\b", "rakan sekerja"),
    Retired(r"\bterlalu lama terbuka\b", "sesi anda telah tamat"),
    Retired(r"\b[Dd]ipanjangkan\b|\b[Pp]emanjangan\b", "dirujuk ke peringkat atasan"),
    Retired(r"\b[Ss]ebut seseorang\b|\bmenyebut (nama )?anda\b|\b[Nn]ama anda disebut\b", "tandakan"),
    Retired(r"\b[Ff]ail (itu )?tidak sampai\b", "gagal dimuat naik"),
    Retired(r"\bsebelah-menyebelah\b", "dwibahasa"),
    Retired(r"\b[Tt]ugasan lama tidak\b", "tugasan yang sudah lama tidak dikemas kini"),
    Retired(r"\b[Ll]apuk\b", "sudah lama tidak dikemas kini"),
    Retired(r"\b[Kk]omen\b", "ulasan"),
    Retired(r"\b[Dd]ilog keluar di semua tempat\b", "semua sesi ditamatkan"),
    Retired(r"\b[Aa]gensi (yang )?senyap\b", "agensi tanpa maklum balas"),
    Retired(r"\b[Mm]edan ini\b", "ruangan ini"),
    Retired(r"\b[Uu]rus setia MAPO\b", "Sekretariat MAPO"),
    Retired(r", jadi\b", "maka"),
    Retired(r"\b[Kk]eputusan majlis\b|\b[Kk]eputusan mesyuarat(?! (MAPO|ini)\b)", "keputusan mesyuarat MAPO"),
    Retired(r"\bmajlis\b", "MAPO, mesyuarat MAPO (the full name keeps its capital)"),
    Retired(r"\bseadanya\b", "tanpa pindaan, seperti sedia ada"),
)


def retired_in(text: str, terms: tuple[Retired, ...]) -> Iterator[str]:
    """Yield "“found” (say: instead)" for each retired term in the text."""
    for term in terms:
        if found := re.search(term.pattern, text):
            yield f"“{found[0]}” (say: {term.instead})"
