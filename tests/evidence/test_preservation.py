"""Verifying stored bytes, and destroying them with approval."""

from __future__ import annotations

from io import StringIO

import pytest
from django.core.management import CommandError, call_command
from django.db import DatabaseError, IntegrityError, transaction

from accounts.models import User
from audit.errors import NotAllowed, NotNow
from audit.models import Event
from evidence import storage
from evidence.models import Document
from evidence.services.file_checks import read_all
from evidence.services.lifecycle import seal_document
from evidence.services.preservation import destroy_sealed_document
from evidence.states import Harm
from tests.evidence import files
from tests.evidence.conftest import World, facts_of


def run(name: str, *arguments: str) -> str:
    out = StringIO()
    call_command(name, *arguments, stdout=out)
    return out.getvalue()


def sealed(world: World) -> Document:
    document = world.document(name="a.png", content=files.png())
    storage.store_preview(document.stored_name, content=files.jpeg())
    return seal_document(document, reason="Nama mangsa", actor=world.administrator, now=world.now)


def destroy(
    world: World, document: Document, *, number: str = "ANM 1/2023", actor: User | None = None
) -> Document:
    return destroy_sealed_document(
        document, approval_number=number, actor=actor or world.administrator, now=world.now
    )


def test_verify_evidence_passes_when_all_is_whole(world: World) -> None:
    world.document()
    assert "All 1 files" in run("verify_evidence")


def harmed(world: World) -> list[tuple[int, Harm]]:
    return [(document.pk, harm) for document, harm in read_all(read_clock=lambda: world.now)]


@pytest.mark.parametrize("harm", [Harm.MISSING, Harm.DIFFERS])
def test_verify_evidence_names_the_broken_file(world: World, harm: Harm) -> None:
    world.document()
    document = world.document(name="b.pdf")
    path = storage.path_of(document.stored_name)
    if harm == Harm.MISSING:
        path.unlink()
    else:
        path.write_bytes(files.pdf().replace(b"%PDF-1.3", b"%PDF-1.4"))
    assert harmed(world) == [(document.pk, harm)]
    with pytest.raises(CommandError, match="1 of 2"):
        run("verify_evidence")


def test_destroy_sealed_document_leaves_row_and_event(world: World) -> None:
    document = sealed(world)
    row = destroy(world, document)
    assert row.is_destroyed and row.sha256 == document.sha256
    assert not storage.path_of(row.stored_name).exists()
    assert not storage.preview_path_of(row.stored_name).exists()
    event = Event.objects.get(action="document.destroyed")
    assert facts_of(event) == {"sha256": row.sha256, "approval": "ANM 1/2023"}
    assert harmed(world) == []


def test_destroy_sealed_document_finishes_after_a_crash(world: World) -> None:
    document = destroy(world, sealed(world))
    path = storage.path_of(document.stored_name)
    path.write_bytes(b"left over")
    destroy(world, document)
    assert not path.exists()
    assert Event.objects.filter(action="document.destroyed").count() == 1


def test_destroy_sealed_document_refused(world: World) -> None:
    document = sealed(world)
    with pytest.raises(NotNow):
        destroy(world, world.document())
    with pytest.raises(NotNow):
        destroy(world, document, number=" ")
    with pytest.raises(NotAllowed):
        destroy(world, document, actor=world.reviewer)
    destroy(world, document)
    with pytest.raises(NotNow):
        destroy(world, document, number="ANM 9/2023")


def test_database_refuses_destruction_without_seal_or_approval(world: World) -> None:
    open_document, document = world.document(), sealed(world)
    for row, approval in ((open_document, "ANM 1"), (document, "")):
        with pytest.raises(IntegrityError), transaction.atomic():
            Document.objects.filter(pk=row.pk).update(destroyed_at=world.now, destruction_approval=approval)
    destroy(world, document)
    with pytest.raises(DatabaseError), transaction.atomic():
        Document.objects.filter(pk=document.pk).update(destroyed_at=None, destruction_approval=None)


def test_destroy_sealed_document_by_command(world: World) -> None:
    document = sealed(world)
    arguments = ("--approval", "ANM 1/2023", "--by", world.administrator.email)
    with pytest.raises(CommandError):
        run("destroy_sealed_document", str(document.pk + 99), *arguments)
    with pytest.raises(CommandError):
        run("destroy_sealed_document", str(world.document().pk), *arguments)
    assert str(document.pk) in run("destroy_sealed_document", str(document.pk), *arguments)
    assert not storage.path_of(document.stored_name).exists()
