"""The main job, whole, in a real browser: once in Malay, once in English."""

from __future__ import annotations

import re
from collections.abc import Callable
from io import StringIO
from pathlib import Path

import psycopg2
import pytest
from django.core.management import CommandError, call_command
from django.utils.translation import gettext, override
from playwright.sync_api import expect

from accounts.models import Agency
from accounts.roles import Role
from audit import clock as audit_clock
from recommendations.content import Content
from recommendations.models import Assignment, Item, Review, Submission, Update
from recommendations.services import save_update
from tests.conftest import NOW, Clock, WorkerDatabase
from tests.e2e.conftest import Desk
from tests.evidence import files
from tests.factories.accounts import UserFactory
from tests.pages import without_tokens

pytestmark = pytest.mark.e2e

NARRATIVE = "Sebanyak 12 taklimat diadakan di tapak projek pada Ogos 2023."
REASON = "Nyatakan bilangan pekerja yang ditemu bual."
#: What a Windows program begins with, under the name of a letter.
DISGUISED = b"MZ\x90\x00" + bytes(4_096)
CORRECTED = "Sebanyak 12 taklimat diadakan; 214 pekerja ditemu bual."


class Case:
    """The people of this story on recommendation 15, and the paths they go."""

    def __init__(self) -> None:
        agencies = {agency.code: agency for agency in Agency.objects.all()}
        self.administrator = UserFactory(role=Role.ADMINISTRATOR, agency=agencies["KDN"])
        self.reviewer = UserFactory(role=Role.REVIEWER, agency=agencies["KDN"])
        self.officer = UserFactory(role=Role.OFFICER, agency=agencies["PDRM"])
        self.outsider = UserFactory(role=Role.OFFICER, agency=agencies["MPOB"])
        self.item = Item.objects.get(kind="recommendation", number=15)

    def assignment(self, code: str) -> Assignment:
        return self.item.assignments.get(agency__code=code)


@pytest.fixture
def case(real_db: WorkerDatabase, clock: Clock) -> Case:
    """The real cycle, with nothing confirmed yet."""
    clock.move_to(NOW)
    call_command("load_cycle", verbosity=0, stdout=StringIO())
    return Case()


@pytest.mark.parametrize("language", ["ms", pytest.param("en", marks=pytest.mark.long)])
def test_main_job(
    case: Case, sit_down: Callable[..., Desk], tmp_path: Path, language: str, worker_database: WorkerDatabase
) -> None:
    _confirm(case, sit_down(language))
    officer = sit_down(language).sign_in_by_page(case.officer.email)
    _report(case, officer, tmp_path)
    reviewer = sit_down(language).sign_in_by_page(case.reviewer.email)
    _return(case, reviewer)
    _correct(case, officer)
    _accept_otherwise(case, reviewer)
    _read_on_overview(case, reviewer)
    _stay_outside(case, sit_down(language, phone=True).sign_in_by_page(case.outsider.email))
    _prove_and_tamper(worker_database)


def _confirm(case: Case, desk: Desk) -> None:
    """The administrator turns KLN and MOT down and confirms PDRM as lead, JIM and JTK in support."""
    desk.sign_in_by_page(case.administrator.email)
    for code in ("KLN", "MOT"):
        desk.open(f"/assignments/{case.assignment(code).pk}/")
        desk.page.locator("details.confirm > summary").click()
        desk.page.locator("details.confirm form button[type=submit], details.confirm form .btn").last.click()
        desk.page.wait_for_load_state()
    desk.open("/assignments/")
    desk.page.locator(f"input[name=items][value='{case.item.pk}']").check()
    desk.page.locator("button[name=kind][value=confirm]").click()
    desk.page.locator("form[action*='/bulk/apply/'] .btn--primary").click()
    expect(desk.page.locator(".toast")).to_be_visible()
    stages = dict(case.item.assignments.values_list("agency__code", "stage"))
    assert stages == {
        "PDRM": "confirmed",
        "JIM": "confirmed",
        "JTK": "confirmed",
        "KLN": "ended",
        "MOT": "ended",
    }
    assert case.assignment("PDRM").is_lead


def _report(case: Case, desk: Desk, folder: Path) -> None:
    """The officer reports 40 % with a PDF and an image; a disguised program is refused and no word is lost."""
    page = desk.page
    with override(desk.language):
        expect(page.locator("h1")).to_have_text(gettext("My work"))
    page.locator(f"a[href='/assignments/{case.assignment('PDRM').pk}/update/']").click()
    page.wait_for_url("**/update/")
    page.locator("label", has=page.locator("input[name=status][value=progress]")).click()
    page.locator("input[name=percent]").fill("40")
    page.locator("textarea[name=narrative]").fill(NARRATIVE)
    page.locator("input[name=covers_from]").fill("2023-08-01")
    page.locator("input[name=covers_to]").fill("2023-08-31")
    chooser = page.locator("[data-upload] input[type=file]")
    chooser.set_input_files(
        [_file(folder, "laporan.pdf", files.pdf()), _file(folder, "gambar.png", files.png())]
    )
    expect(page.locator("[data-files] input[name=documents]")).to_have_count(2)
    chooser.set_input_files([_file(folder, "surat.pdf", DISGUISED)])
    expect(page.locator("[data-files] [data-error]:visible")).to_have_count(1)
    expect(page.locator("textarea[name=narrative]")).to_have_value(NARRATIVE)
    page.locator("button[name=action][value=submit]").click()
    page.wait_for_url(re.compile(r"/my-work/|/updates/\d+/$|/items/"))
    submission = Submission.objects.get()
    assert (submission.status, submission.percent, submission.narrative) == ("progress", 40, NARRATIVE)
    assert submission.documents.count() == 2


def _file(folder: Path, name: str, content: bytes) -> str:
    path = folder / name
    path.write_bytes(content)
    return str(path)


def _return(case: Case, desk: Desk) -> None:
    """The reviewer opens the queue and returns the update with a reason."""
    desk.open("/reviews/")
    page = desk.page
    page.locator("main table a").first.click()
    page.wait_for_url(re.compile(r"/reviews/\d+/"))
    expect(page.locator("main")).to_contain_text(NARRATIVE)
    page.locator("input[name=decision][value=return]").check(force=True)
    page.locator("textarea[name=return_reason]").fill(REASON)
    page.locator("section .btn--primary:visible").last.click()
    page.wait_for_load_state()
    assert Review.objects.get().reason == REASON


def _correct(case: Case, desk: Desk) -> None:
    """The officer finds the reason above the form, corrects and sends again."""
    desk.open("/my-work/")
    page = desk.page
    expect(page.locator("main")).to_contain_text(REASON)
    page.locator("main .btn--primary").first.click()
    page.wait_for_url(re.compile(r"/updates/\d+/edit/"))
    expect(page.locator("main")).to_contain_text(REASON)
    expect(page.locator("textarea[name=narrative]")).to_have_value(NARRATIVE)
    page.locator("textarea[name=narrative]").fill(CORRECTED)
    page.locator("button[name=action][value=submit]").click()
    page.wait_for_url(re.compile(r"/my-work/|/updates/\d+/$|/items/"))
    assert Submission.objects.order_by("-number").first().narrative == CORRECTED


def _accept_otherwise(case: Case, desk: Desk) -> None:
    """The reviewer accepts at 30 %, not the claimed 40 %, with a reason."""
    page = desk.page
    desk.open("/reviews/")
    page.locator("main table a").first.click()
    page.wait_for_url(re.compile(r"/reviews/\d+/"))
    page.locator("input[name=decision][value=accept]").check(force=True)
    page.locator("input[name=percent]").fill("30")
    page.locator("textarea[name=difference_reason]").fill("Dua tapak belum dilawati.")
    page.locator("section .btn--primary:visible").last.click()
    page.wait_for_load_state()
    review = Review.objects.accepted().get()
    assert (review.status, review.percent) == ("progress", 30)


def _read_on_overview(case: Case, desk: Desk) -> None:
    """The overview shows the accepted state, in the reader's language."""
    desk.open("/overview/")
    with override(desk.language):
        row = desk.page.locator("tr", has=desk.page.locator(f"a[href^='/items/{case.item.pk}/']")).first
        expect(row).to_contain_text(str(Update.objects.get().get_status_display()))


def _stay_outside(case: Case, desk: Desk) -> None:
    """An officer of another agency reads the accepted state, and finds nothing else."""
    desk.open(f"/items/{case.item.pk}/")
    expect(desk.page.locator("main")).to_contain_text("30%")
    expect(desk.page.locator("main")).not_to_contain_text(CORRECTED)
    nothing = desk.page.request.get(f"{desk.site}/updates/999999/")
    update = Update.objects.get()
    document = update.documents.first()
    assert document is not None
    paths = [
        f"/updates/{update.pk}/",
        f"/updates/{update.pk}/edit/",
        f"/reviews/{update.pk}/",
        f"/evidence/{document.pk}/",
        f"/evidence/{document.pk}/download/",
        f"/evidence/{document.pk}/preview/",
        f"/assignments/{case.assignment('PDRM').pk}/",
    ]
    for path in paths:
        answer = desk.page.request.get(desk.site + path)
        assert answer.status == 404, path
        assert without_tokens(answer.body()) == without_tokens(nothing.body()), path


def _prove_and_tamper(database: WorkerDatabase) -> None:
    """The log proves whole; one changed row, and it is named."""
    call_command("verify_audit", stdout=StringIO())
    with psycopg2.connect(database.owner_url) as connection, connection.cursor() as cursor:
        cursor.execute("SELECT min(id) FROM audit_event WHERE action = 'update.submitted'")
        tampered = cursor.fetchone()[0]
        cursor.execute("ALTER TABLE audit_event DISABLE TRIGGER USER")
        cursor.execute("UPDATE audit_event SET actor_name = 'Orang lain' WHERE id = %s", [tampered])
        cursor.execute("ALTER TABLE audit_event ENABLE TRIGGER USER")
    connection.close()
    told = StringIO()
    with pytest.raises((CommandError, SystemExit)) as caught:
        call_command("verify_audit", stdout=told, stderr=told)
    assert str(tampered) in f"{caught.value} {told.getvalue()}"


def test_typed_text_outlives_an_expired_session(case: Case, sit_down: Callable[..., Desk]) -> None:
    assignment = case.assignment("PDRM")
    _put_in_force(case, assignment)
    desk = sit_down("en").sign_in_by_page(case.officer.email)
    page = desk.page
    page.locator(f"a[href='/assignments/{assignment.pk}/update/']").click()
    page.wait_for_url("**/update/")
    address = page.url
    page.context.clear_cookies(name="sessionid")
    page.locator("textarea[name=narrative]").fill(NARRATIVE)
    page.wait_for_timeout(2_500)
    assert not Update.objects.exists()
    desk.sign_in_by_page(case.officer.email)
    page.goto(address)
    expect(page.locator("textarea[name=narrative]")).to_have_value(NARRATIVE)
    page.wait_for_timeout(2_500)
    assert Update.objects.get().narrative == NARRATIVE


def test_typed_text_outlives_a_lost_connection(case: Case, sit_down: Callable[..., Desk]) -> None:
    assignment = case.assignment("PDRM")
    _put_in_force(case, assignment)
    desk = sit_down("ms").sign_in_by_page(case.officer.email)
    page = desk.page
    page.locator(f"a[href='/assignments/{assignment.pk}/update/']").click()
    page.wait_for_url("**/update/")
    page.context.set_offline(True)
    page.locator("textarea[name=narrative]").fill(NARRATIVE)
    page.wait_for_timeout(2_500)
    assert not Update.objects.exists()
    page.context.set_offline(False)
    page.wait_for_timeout(3_000)
    assert Update.objects.get().narrative == NARRATIVE


def test_colleagues_newer_text_is_shown_beside_and_not_overwritten(
    case: Case, sit_down: Callable[..., Desk]
) -> None:
    assignment = case.assignment("PDRM")
    _put_in_force(case, assignment)
    desk = sit_down("en").sign_in_by_page(case.officer.email)
    page = desk.page
    page.locator(f"a[href='/assignments/{assignment.pk}/update/']").click()
    page.wait_for_url("**/update/")
    colleague = UserFactory(role=Role.OFFICER, agency=case.officer.agency)
    theirs = Content(narrative="Teks rakan")
    update = save_update(Update(assignment=assignment), content=theirs, revision=0, actor=colleague, now=NOW)
    page.locator("textarea[name=narrative]").fill("Teks saya")
    page.wait_for_timeout(2_500)
    page.locator("[data-autosave-compare]").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Teks rakan")
    expect(page.locator("main")).to_contain_text("Teks saya")
    update.refresh_from_db()
    assert update.narrative == "Teks rakan"


def test_update_is_reported_and_decided_without_scripts(
    case: Case, sit_down: Callable[..., Desk], tmp_path: Path
) -> None:
    assignment = case.assignment("PDRM")
    _put_in_force(case, assignment)
    officer = sit_down("ms", scripts=False).sign_in_by_page(case.officer.email)
    page = officer.page
    page.locator(f"a[href='/assignments/{assignment.pk}/update/']").click()
    page.locator("input[name=status][value=progress]").check(force=True)
    page.locator("input[name=percent]").fill("40")
    page.locator("textarea[name=narrative]").fill(NARRATIVE)
    page.locator("input[name=covers_from]").fill("2023-08-01")
    page.locator("input[name=covers_to]").fill("2023-08-31")
    sent = [_file(tmp_path, "laporan.pdf", files.pdf()), _file(tmp_path, "surat.pdf", DISGUISED)]
    page.locator("input[type=file]").set_input_files(sent)
    page.locator("button[name=action][value=submit]").click()
    expect(page.locator("main")).to_contain_text("surat.pdf")
    expect(page.locator("textarea[name=narrative]")).to_have_value(NARRATIVE)
    assert not Submission.objects.exists()
    page.locator("button[name=action][value=submit]").click()
    page.wait_for_url(re.compile(r"/my-work/|/updates/\d+/$|/items/"))
    assert Submission.objects.get().documents.count() == 1
    reviewer = sit_down("ms", scripts=False).sign_in_by_page(case.reviewer.email)
    _return(case, reviewer)
    _correct(case, officer)
    _accept_otherwise(case, reviewer)


def _put_in_force(case: Case, assignment: Assignment) -> None:
    from recommendations.services import confirm_assignment

    confirm_assignment(assignment, actor=case.administrator, now=audit_clock.now())
