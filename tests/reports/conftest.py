"""A world for summaries: three items, three agencies, what was accepted, what waits, what is late, and documents."""

from __future__ import annotations

from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from io import BytesIO

from accounts.clearance import Clearance
from accounts.models import Agency, User
from accounts.roles import Role
from audit.clock import local_date
from evidence.models import Document
from recommendations import services
from recommendations.content import Content as Words
from recommendations.models import Assignment, Cycle, Item, Review, Update
from recommendations.states import AssignmentRole, ItemKind, Pillar, Status
from reports.states import ExportFormat
from reports.summary.content import Progress, SummaryContent, ignore_progress
from reports.summary.selection import Selection, read_selection
from reports.summary.statement import Maker
from reports.summary.writing import writer_of
from tests.conftest import NOW, Clock
from tests.factories.accounts import AgencyFactory, UserFactory
from tests.factories.evidence import make_document
from tests.factories.recommendations import (
    REPORTED,
    make_assignment,
    make_cycle,
    make_item,
    make_submission,
    start_update,
)
from tests.shared import shared

#: What people type, and what must come out as it was typed, whatever it means to a writer.
NASTY = (
    '=HYPERLINK("http://example.test";"x") +60 -1 @sum\n'
    "＝1+1 ＋2 －3 ＠x \t<b>tebal</b> & <script>alert(1)</script> {{ x }} {% x %}\n"
    '#import "@preview/x:1.0.0": * #read("/etc/passwd") $x^2$ *kuat* _miring_ `kod` \\u{41} // ulas /* ulas */ <label> @rujuk\n'
    "Jawi: ڤمرداڠن اورڠ · RTL\u200f: \u202babc\u202c · e\u0301 n\u0303 · 😀👩‍⚖️🇲🇾 · % \" ' “ ” ; , | ~ ^ \\ /"
)

#: What JIM has begun to write and not sent: no paper of anybody holds it.
DRAFT = "Draf JIM yang belum dihantar."


@dataclass
class Told:
    """PDRM leads and JIM supports on recommendation 1; JIM leads on recommendation 2; nobody answers for weakness 1.

    As at 31 August 2023: PDRM's first update (60 % claimed, 40 % decided, two documents) and JIM's (30 %, one
    document) are accepted; JIM's confidential update on recommendation 2 is accepted with a confidential document; an
    update of PDRM waits, and JIM has begun another on recommendation 1; JIM is late on nothing. KLN's observer sees no file.
    """

    cycle: Cycle
    items: dict[str, Item]
    agencies: dict[str, Agency]
    people: dict[str, User]
    assignments: dict[str, Assignment] = field(default_factory=dict)
    documents: dict[str, Document] = field(default_factory=dict)
    reviews: dict[str, Review] = field(default_factory=dict)
    now: datetime = NOW

    @property
    def today(self) -> date:
        return local_date(self.now)

    def select(self, by: str = "reviewer", **asked: str) -> Selection:
        """A selection as a person's address asks for it; as at 31 August 2023, full, unless told otherwise."""
        asked = {"day": "2023-08-31", "depth": "full", "language": "ms"} | asked
        return read_selection(asked, cycle=self.cycle, today=self.today, user=self.people[by])

    def content(
        self,
        by: str = "reviewer",
        *,
        progress: Progress = ignore_progress,
        **asked: str,
    ) -> SummaryContent:
        """The content of a selection for a person."""
        selection, reader = self.select(by, **asked), self.people[by]
        return SummaryContent(selection, cycle=self.cycle, reader=reader, progress=progress)

    def maker(self, by: str = "reviewer") -> Maker:
        return Maker.of(self.people[by], now=self.now)

    def made(self, export_format: ExportFormat, by: str = "reviewer", **asked: str) -> bytes:
        """The bytes of a format of a selection for a person."""
        target = BytesIO()
        with closing(self.content(by, **asked)) as content:
            writer_of(export_format)(content, target, maker=self.maker(by))
        return target.getvalue()


def kuala_lumpur(text: str) -> datetime:
    """The instant of "2023-08-01 10:00" in Kuala Lumpur."""
    return datetime.fromisoformat(f"{text}+08:00")


def make_told(clock: Clock) -> Told:
    """Build the world from 1 July 2023 on, then move to 14 September 2023, 10 in the morning."""
    pdrm, jim, kln, kdn = (AgencyFactory(code=code) for code in ("PDRM", "JIM", "KLN", "KDN"))
    cycle = make_cycle()
    told = Told(
        cycle=cycle,
        items={
            "first": make_item(cycle, number=1),
            "second": make_item(cycle, number=2, pillar=Pillar.PROSECUTION),
            "weakness": make_item(cycle, number=1, kind=ItemKind.WEAKNESS, pillar=Pillar.PREVENTION),
        },
        agencies={"PDRM": pdrm, "JIM": jim, "KLN": kln, "KDN": kdn},
        people={
            "officer": UserFactory(role=Role.OFFICER, agency=pdrm),
            "jim": UserFactory(role=Role.OFFICER, agency=jim, clearance=Clearance.CONFIDENTIAL),
            "outsider": UserFactory(role=Role.OFFICER, agency=kln),
            "observer": UserFactory(role=Role.OBSERVER, agency=kln),
            "reviewer": UserFactory(role=Role.REVIEWER, agency=kdn),
            "administrator": UserFactory(role=Role.ADMINISTRATOR, agency=kdn),
        },
    )
    _play(told, clock)
    return told


def _play(told: Told, clock: Clock) -> None:
    people, items = told.people, told.items
    now = clock.move_to(kuala_lumpur("2023-07-01 10:00"))
    assigned = {"actor": people["administrator"], "now": now}
    told.assignments = {
        "pdrm": make_assignment(items["first"], told.agencies["PDRM"], **assigned),
        "jim": make_assignment(items["first"], told.agencies["JIM"], role=AssignmentRole.SUPPORT, **assigned),
        "jim2": make_assignment(items["second"], told.agencies["JIM"], **assigned),
    }
    services.suggest_assignment(
        items["weakness"],
        agency=told.agencies["KLN"],
        role=AssignmentRole.LEAD,
        actor=people["administrator"],
        now=now,
    )
    now = clock.move_to(kuala_lumpur("2023-08-01 10:00"))
    _accept(
        told,
        "pdrm",
        by="officer",
        claim=60,
        verdict=40,
        names=["Laporan.pdf", "Laporan.pdf"],
        narrative=NASTY,
        now=now,
    )
    _accept(
        told,
        "jim",
        by="jim",
        claim=30,
        verdict=30,
        names=["Imigresen.pdf"],
        narrative="Taklimat diadakan.",
        now=now,
    )
    begin_draft(told, now)
    now = clock.move_to(kuala_lumpur("2023-08-10 10:00"))
    _accept(
        told, "jim2", by="jim", claim=50, verdict=50, names=["Sulit.pdf"], narrative="Perkara sulit.", now=now,
        classification=Clearance.CONFIDENTIAL,
    )  # fmt: skip
    now = clock.move_to(kuala_lumpur("2023-08-20 10:00"))
    make_submission(
        told.assignments["pdrm"],
        actor=people["officer"],
        now=now,
        content=replace(REPORTED, narrative="Menunggu keputusan.", covers_to=date(2023, 8, 15)),
    )
    told.now = clock.move_to(kuala_lumpur("2023-09-14 10:00"))


def begin_draft(told: Told, now: datetime) -> Update:
    """JIM begins to write on recommendation 1, and sends nothing."""
    jim = told.people["jim"]
    draft = start_update(told.assignments["jim"], actor=jim, now=now)
    content = replace(REPORTED, narrative=DRAFT)
    return services.save_update(draft, content=content, revision=draft.revision, actor=jim, now=now)


def _accept(
    told: Told, assignment: str, *, by: str, claim: int, verdict: int, names: list[str], narrative: str, now: datetime,
    classification: int = Clearance.RESTRICTED,
) -> None:  # fmt: skip
    actor = told.people[by]
    documents = [
        make_document(
            actor.agency, actor=actor, now=now, name=name, classification=classification,
            evidence_from=date(2023, 7, 1), evidence_to=date(2023, 7, 31),
        )
        for name in names
    ]  # fmt: skip
    told.documents |= {f"{assignment}{place}": document for place, document in enumerate(documents)}
    content = Words(
        status=Status.PROGRESS, percent=claim, narrative=narrative, covers_from=date(2023, 7, 1),
        covers_to=date(2023, 7, 31), classification=classification,
        document_ids=frozenset(document.pk for document in documents),
    )  # fmt: skip
    submission = make_submission(told.assignments[assignment], actor=actor, now=now, content=content)
    told.reviews[assignment] = services.accept_update(
        submission, status=Status.PROGRESS, percent=verdict, reason="Bukti belum cukup." if claim != verdict else "",
        actor=told.people["reviewer"], now=now,
    )  # fmt: skip


@shared
def told(clock: Clock) -> Told:
    """The world on 14 September 2023, rolled back afterwards."""
    return make_told(clock)


@shared
def full_pdf(told: Told) -> bytes:
    """MAPO's printed summary as at 31 August 2023: full, in Malay."""
    return told.made(ExportFormat.PDF)


@shared
def full_docx(told: Told) -> bytes:
    """The same as a Word document."""
    return told.made(ExportFormat.DOCX)
