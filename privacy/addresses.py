"""E-mail addresses, homes and villages of people, and children known by their school and village.

Official mailboxes and addresses of offices are nobody's own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from privacy.kinds import Finding, IdentityKind
from privacy.text import after, before

#: "siti.88@example.my", "siti(at)example.my", "siti [at] example (dot) my", "siti.aminah at example.my".
_DOT = r"(?:\.| ?[(\[]dot[)\]] ?| dot )"
_EMAIL = re.compile(
    r"(?<![\w.+-])(?P<user>[\w.+-]{1,64})(?:@| ?[(\[{] ?(?:at|@) ?[)\]}] ?|(?P<spoken> at | @ ))"
    rf"(?P<domain>(?:[a-z0-9-]{{1,63}}{_DOT}){{1,4}}[a-z]{{2,63}})(?![\w-])",
    re.IGNORECASE,
)
_OFFICIAL = re.compile(r"\.gov(?:\.[a-z]{2})?$|\.mil(?:\.|$)", re.IGNORECASE)
_MAILBOXES = re.compile(
    r"(?:accounts?|aduan|admin|bantuan|bilik\.?gerakan|careers?|cawangan|complaints?|consular|contact|customer|enquir(?:y|ies)|feedback"
    r"|finance|general|grievances?|hello|help|helpdesk|helpline|hotline|hq|hr|info|kaunter|kebajikan|kerjaya|khidmat|korporat|lapor(?:an)?|legal|mail|mapo"
    r"|media|office|operasi|operations|pejabat|pertanyaan|press|pro|recruit(?:ment)?|reports?|sales|secretariat|sekretariat|service|shelter"
    r"|support|talian|tips?|unit|urusetia|webmaster|welfare|whistleblow(?:er|ing))(?:[._-]|$)"
)


def find_emails(text: str) -> Iterator[Finding]:
    """Yield e-mail addresses, but for those of the government and the mailboxes of offices."""
    for match in _EMAIL.finditer(text):
        user, domain = match["user"].lower(), re.sub(_DOT, ".", match["domain"].lower())
        is_sentence = match["spoken"] and (domain.startswith("www.") or not re.search(r"[\d._]", user))
        if not (is_sentence or _OFFICIAL.search(domain) or _MAILBOXES.match(user)):
            yield Finding(match.start(), match.end(), IdentityKind.EMAIL)


_ROAD = (
    r"(?:Jalan|Jln\.?|Lorong|Lrg\.?|Persiaran|Lebuh|Lebuhraya|Kampung|Kampong|Kg\.?|Taman|Tmn\.?|Pangsapuri|Apartment|Flat"
    r"|Kondominium|PPR|Felda|FELDA|Desa|Ladang|Blok|Block|Batu|Bandar|Seksyen|Street|Road|Simpang|Parit|Rumah)"
)
_VILLAGE = r"(?:Kampung|Kampong|Kg\.?|Desa|Ladang|Felda|FELDA|Taman|Tmn\.?|PPR|Rumah Panjang)"
_PLACE_NAME = r"(?:[A-Z][\w'’()-]*|(?:Jln|Tmn|Kg|Lrg|Sg|Bt|No|St)\.|\d[\w/-]*)"
_UNIT = r"(?:(?:No\.?|Lot|Unit|Blok|Block|Rumah|Apt\.?|Flat) ?(?:No\.? ?)?)"
_HOME = re.compile(
    # With the number of the house, or from a village or a road on to its postcode.
    rf"(?<![\w/-])(?:(?:{_UNIT}(?:[A-Z]{{1,2}}-)?\d{{1,5}}[A-Z]?(?:-[A-Z\d]{{1,4}}){{0,3}}"
    rf"|[A-Z]{{1,2}}-\d{{1,3}}-\d{{1,4}}|\d{{1,5}}[A-Z]?(?:-\d{{1,3}}){{0,3}}),? {_ROAD}(?:,? {_PLACE_NAME}){{1,16}}"
    # In small letters, with a number and on to the postcode.
    rf"|(?i:{_UNIT}\d{{1,5}}[A-Z]?(?:-\d{{1,3}}){{0,3}},? {_ROAD} [^\n.;]{{1,100}}? \d{{5}}(?: [a-z]+)?)"
    rf"|(?P<road>{_ROAD})(?:,? (?!\d{{5}}\b){_PLACE_NAME}){{1,10}},? \d{{5}}(?: [A-Z][\w'’-]*){{1,4}})"
)
_OFFICES = re.compile(
    r"\b(?:jabatan|pejabat|ibu pejabat|kementerian|mahkamah|balai|hotel|kilang|syarikat|restoran|bangunan|menara|hospital"
    r"|klinik|premis|kedai|majlis|urus setia|sekretariat|sdn|bhd|office|department|ministry|court|factory|company"
    r"|restaurant|headquarters|venue|bertempat|dewan)\b",
    re.IGNORECASE,
)
_OWN_HOME = re.compile(
    r"\b(?:rumah(?:nya)?|kediaman|(?:ber)?alamat(?:nya)?|tinggal|menetap|lives?|home)\b", re.IGNORECASE
)


def find_homes(text: str) -> Iterator[Finding]:
    """Yield addresses with a house number and a road, or a village and a postcode, but for those of offices."""
    for match in _HOME.finditer(text):
        earlier = before(text, match.start(), 80)
        is_own = bool(_OWN_HOME.search(earlier[-40:]))
        is_public = bool(match["road"]) and not match["road"].startswith("K")
        if is_own or not (is_public or _OFFICES.search(earlier)):
            yield Finding(match.start(), match.end(), IdentityKind.ADDRESS)


_SCHOOL = re.compile(
    r"(?:\b(?:(?:murid|pelajar|penuntut|pupil|student) )?(?:(?:Tahun|Tingkatan|Darjah|Form|Year) \d[\w ]{0,10}? )?"
    r"(?:(?:bersekolah di|attends|di|dari|from|of|at) )?)\b(?P<word>SK|SMK|SMKA|SMJK|SJK ?\([CT]\)|SRJK ?\([CT]\)|SRA|SRI|SMA|SBP|MRSM|KAFA|[Tt]adika|[Tt]abika|TADIKA|TABIKA"
    r"|Sekolah(?: Kebangsaan| Menengah| Rendah| Agama| Jenis)*|Maahad|Madrasah)(?P<name>(?: [A-Z][\w'’()-]*){1,6})"
)
_VILLAGE_NAME = re.compile(rf"\b{_VILLAGE}(?: [A-Z][\w'’-]*){{1,4}}")
_CHILD = re.compile(
    r"\b(?:murid|pelajar|budak|kanak-kanak|anak|remaja|bersekolah|penuntut|child|girl|boy|pupil|student|attends?)\b",
    re.IGNORECASE,
)
_MANY = re.compile(
    r"\b(?:\d[\d,]*|seramai|para|beberapa|semua|puluhan|ratusan) (?:orang )?(?:murid|pelajar|kanak-kanak|remaja|penuntut"
    r"|pupils|students|children)|\b(?:pupils|students|children|murid-murid|pelajar-pelajar)\b",
    re.IGNORECASE,
)
_SCHOOL_REACH = 80
_VILLAGE_REACH = 90


def find_children(text: str) -> Iterator[Finding]:
    """Yield the school and village by which one child is known, from the one to the other."""
    for school in _SCHOOL.finditer(text):
        around = before(text, school.start("word"), _SCHOOL_REACH), after(text, school.end(), _SCHOOL_REACH)
        if _MANY.search(" ".join(around)) or not any(_CHILD.search(part) for part in around):
            continue
        if village := _VILLAGE_NAME.search(around[1]):
            yield Finding(school.start(), school.end() + village.end(), IdentityKind.ADDRESS)
        elif earlier := _VILLAGE_NAME.search(around[0]):
            start = school.start("word") - len(around[0]) + earlier.start()
            yield Finding(start, school.end(), IdentityKind.ADDRESS)
        elif school["word"].lower() in ("tadika", "tabika") and _VILLAGE_NAME.search(school["name"]):
            yield Finding(school.start(), school.end(), IdentityKind.ADDRESS)


#: A named village behind the word that says who is there or comes from there: not "Balai Polis Kampung Baru".
_NAMED_VILLAGE = re.compile(
    r"\b(?P<link>(?i:di|ke|dari|daripada|kelahiran|in|at|to|from)|meninggalkan|left|leave|leaving)"
    r" (?P<village>(?:[Kk]ampung|[Kk]ampong|Kg\.?|Desa|Rumah Panjang)(?: (?!Kampung)[A-Z][\w'’-]*){1,5}(?: \d{1,3}\b)?)"
)
_PERSON = re.compile(
    r"\b(?:(?:mangsa|saksi|pengadu|penyintas|pekerja|budak|kanak-kanak|bayi|anak|remaja|murid|pelajar|penuntut|gadis|wanita"
    r"|lelaki|pembantu rumah|ibu|bapa|nenek|datuk|suami|isteri|kakak|abang|adik|keluarga)(?:nya)?"
    r"|victims?|survivors?|witness(?:es)?|complainants?|workers?|maid|child|children|girls?|boys?|baby|pupil|student|woman|women"
    r"|mothers?|fathers?|(?:grand)?parents?|grandmother|family|husband|wife|sisters?|brothers?|sons?|daughters?)\b",
    re.IGNORECASE,
)
#: Whose village it is, however public what is done there.
_OF_A_CASE = re.compile(
    r"\b(?:mangsa|saksi|pengadu|penyintas|victim|witness|complainant|survivor)", re.IGNORECASE
)
#: Somebody of whom the text spoke before.
_AGAIN = re.compile(r"\b(?:dia|beliau|he|she)\b", re.IGNORECASE)
#: So many people that a village does not tell who they are: counted, or any of their kind ("Women from").
_CROWD = re.compile(
    r"(?:^ ?|, |\b(?:and|of|for|by|with|refugee|foreign) )(?:women|children|girls|boys|parents|workers|victims|survivors|witnesses)$"
    r"|\b(?:[5-9]|\d{2,}|lima|enam|tujuh|lapan|sembilan|sepuluh|belas|puluh|five|six|seven|eight|nine|ten|eleven|twelve"
    r"|para|semua|beberapa|several|puluhan|ratusan|dozens of|hundreds of) (?:orang |foreign )?(?!tahun\b|years?\b)[\w-]+$",
    re.IGNORECASE,
)
#: What is done in a village without telling who lives there.
_PUBLIC_ACT = re.compile(
    r"\b(?:program|programme|taklimat|briefings?|operasi|operations?|serbuan|raids?|kempen|campaign|bengkel|workshop|seminar"
    r"|ceramah|talk|mesyuarat|meeting|kursus|training|trained|sekatan|roadblocks?|rondaan|patrols?|pemeriksaan|inspect(?:ed|ing|ions?|s)?"
    r"|kaunter|counter|dewan|pusat|centre|di(?:adakan|anjurkan|lancarkan|buka)|membina|built|held|launched|opened|posters?"
    r"|risalah|leaflets?|rumah perlindungan|shelters?|menyertai|dibuka|opened|joined)\b",
    re.IGNORECASE,
)
#: What makes a village somebody's own.
_LIVES = re.compile(
    r"\b(?:(?:ber)?asal|tinggal|menetap|dibesarkan|dijaga|pulang|kembali|rumah(?:nya)?(?! (?:perlindungan|transit))|kediaman|dilahirkan"
    r"|lives?|lived|living|home|returned|(?:went|goes|gone|sent|moved) back|born|raised|grew up)\b",
    re.IGNORECASE,
)
_OFFICE_BEHIND = re.compile(
    r" (?:police|clinic|hall|school|mosque|station|community|case|hospital|market|shelter|health)\b"
)
_ONE_BEHIND = re.compile(r",? (?:\w+ ){0,2}(?:seorang|a|an|one|his|her) (?P<words>.{1,25})", re.IGNORECASE)


def find_villages(text: str) -> Iterator[Finding]:
    """Yield the named villages where one person, or one family, is said to live, to come from or to go to.

    A village of a crowd, of an office, or in which something public was done tells nobody's home.
    """
    for match in _NAMED_VILLAGE.finditer(text):
        if _OFFICE_BEHIND.match(text, match.end()):
            continue
        earlier = before(text, match.start(), _VILLAGE_REACH)
        if _tells_whose(
            earlier,
            after(text, match.end(), _VILLAGE_REACH),
            is_there=match["link"].lower() in ("di", "in", "at"),
        ):
            yield Finding(match.start("village"), match.end(), IdentityKind.ADDRESS)


def _tells_whose(earlier: str, later: str, *, is_there: bool) -> bool:
    """Whether the words around a village tell whose it is; `is_there` says that something is or happens there."""
    people = list(_PERSON.finditer(earlier))
    is_home = bool(_LIVES.search(earlier))
    if not people:
        behind = _ONE_BEHIND.match(later)
        is_of_one = bool(behind and _PERSON.search(behind["words"])) and not _PUBLIC_ACT.search(earlier)
        return is_of_one or (is_home and bool(_AGAIN.search(earlier)))
    if _CROWD.search(earlier[: people[-1].end()]):
        return False
    if not is_there:
        return is_home or not _PUBLIC_ACT.search(earlier[people[-1].end() :])
    # "Wanita di Kampung X menyertai bengkel", but not "ibu mangsa di Kampung X diberi taklimat".
    is_public = _PUBLIC_ACT.search(later[:40]) and not _OF_A_CASE.search(earlier)
    return is_home or not (is_public or _PUBLIC_ACT.search(earlier))
