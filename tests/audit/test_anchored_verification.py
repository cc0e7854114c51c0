"""What the owner of the tables does to the log is found by what was kept outside, whatever else the owner removes."""

from __future__ import annotations

import json
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from email.encoders import encode_base64, encode_quopri
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.core.mail import EmailMessage
from django.core.management import CommandError, call_command

from audit import tasks
from audit.anchors.handing_over import FILE_NAME
from audit.anchors.lines import our_keys, read_lines
from audit.models import Anchor, ChainLink
from audit.verification import COLUMNS, START, hash_of
from tests.audit.authority import Authority, question_of, serving
from tests.audit.conftest import Owner, Write
from tests.conftest import Clock
from tracker.anchoring import Anchoring

pytestmark = pytest.mark.usefixtures("in_english")

OUTSIDER = Path(__file__).parents[2] / "docs" / "anchors.py"
READERS = ["registrar@one.example", "auditor@two.example"]


@pytest.fixture
def outside(
    owner: Owner,
    write: Write,
    clock: Clock,
    now: datetime,
    settings: Any,
    tmp_path: Path,
    mailoutbox: list[EmailMessage],
) -> Path:
    """Anchors of a log of three events and of five, a day apart, as readers and a folder keep them."""
    folder = tmp_path / "outside"
    folder.mkdir()
    settings.ANCHORING = Anchoring(readers=READERS, folder=str(folder))
    for day, count in ((0, 3), (1, 2)):
        instant = clock.move_to(now + timedelta(days=day, seconds=1))
        for _ in range(count):
            write(now=instant)
        tasks.anchor()
    for number, message in enumerate(mailoutbox):
        (folder / f"{number}.eml").write_bytes(message.message().as_bytes())
    return folder


def _verify(*arguments: object) -> str:
    out = StringIO()
    call_command("verify_audit", *map(str, arguments), stdout=out)
    return out.getvalue()


def _fault(*arguments: object) -> str:
    with pytest.raises(CommandError) as raised:
        _verify(*arguments)
    assert raised.value.returncode == 1
    return str(raised.value)


def _cut(owner: Owner, keep: int) -> None:
    """Remove the end of the log, with its links."""
    with owner.without_triggers("audit_event"), owner.without_triggers("audit_link"):
        owner.run(
            "DELETE FROM audit_event WHERE id IN (SELECT event_id FROM audit_link WHERE position > %s)",
            [keep],
        )
        owner.run("DELETE FROM audit_link WHERE position > %s", [keep])


def _forget_anchors(owner: Owner, beyond: int) -> None:
    with owner.without_triggers("audit_anchor"):
        owner.run("DELETE FROM audit_anchor WHERE position > %s", [beyond])


def _write_anew(owner: Owner) -> None:
    """Write the whole chain anew over the events as they stand now, as the owner can."""
    previous = START
    with owner.without_triggers("audit_link"):
        for position, event in owner.run("SELECT position, event_id FROM audit_link ORDER BY position"):
            [columns] = owner.run(
                f"SELECT {', '.join(COLUMNS.values())} FROM audit_event event WHERE id = %s", [event]
            )
            new = hash_of(position, previous, columns)
            owner.run(
                "UPDATE audit_link SET previous_hash = %s, hash = %s WHERE position = %s",
                [previous, new, position],
            )
            previous = new


def test_a_whole_log_agrees_with_all_anchors_and_what_is_no_proof_is_named(
    outside: Path, tmp_path: Path, settings: Any
) -> None:
    assert _verify().splitlines()[1].startswith("6 anchors agree; the one that reaches furthest: ")
    # Two lines in the file, one in each of four mails.
    assert "12 anchors agree" in _verify("--anchors", outside)
    line = next(read_lines((outside / FILE_NAME).read_text()))
    key = Ed25519PrivateKey.generate()
    said = line.said.replace(line.head.hash, "f" * 64)
    forged = f"{said} {key.public_key().public_bytes_raw().hex()} {key.sign(said.encode()).hex()}"
    (tmp_path / "forged.txt").write_text(forged)
    fault = _fault("--anchors", tmp_path / "forged.txt")
    assert "it is signed with a key that is not of this installation" in fault
    assert "Contradicted" not in fault
    text = (outside / FILE_NAME).read_text().splitlines()[0]
    (tmp_path / "changed.txt").write_text(text.replace(" 3 ", " 9 "))
    assert "its signature does not match its words" in _fault("--anchors", tmp_path / "changed.txt")
    for content, why in (
        (b"hello", "the file holds no anchor"),
        (b"\x30\x03\x02\x01\x01", "a timestamp needs the authority's roots"),
    ):
        (tmp_path / "file").write_bytes(content)
        assert f"{tmp_path / 'file'}: {why}" in _fault("--anchors", tmp_path / "file"), content
        assert "cannot be read" in _fault("--anchors", tmp_path / "gone"), content
    line = next(read_lines((outside / FILE_NAME).read_text()))
    for encoding in ("base64", "quoted-printable"):
        message = EmailMessage(body=f"Terusan – lihat:\r\n> x\n{str(line).replace(' ', chr(10))}\n").message()
        payload = message.get_payload(decode=True)
        del message["Content-Transfer-Encoding"]
        message.set_payload(payload)
        {"base64": encode_base64, "quoted-printable": encode_quopri}[encoding](message)
        (tmp_path / "mail.eml").write_bytes(message.as_bytes())
        assert "7 anchors agree" in _verify("--anchors", tmp_path / "mail.eml")
    [before] = our_keys()
    settings.SECRET_KEY, old = "n" * 60, settings.SECRET_KEY
    assert _fault().count("is not of this installation") == 6
    assert "6 anchors agree" in _verify("--key", before)
    settings.SECRET_KEY_FALLBACKS = [old]
    assert "6 anchors agree" in _verify()


def test_a_cut_end_is_found_by_rows_mails_and_lines(owner: Owner, outside: Path) -> None:
    _cut(owner, keep=4)
    fault = _fault()
    assert "Signed e-mail" in fault
    assert "the log held 5 events, and now it ends after 4: its end was cut off." in fault
    _forget_anchors(owner, beyond=4)
    assert "3 anchors agree" in _verify()
    for shown in (outside / "2.eml", outside / FILE_NAME, outside):
        fault = _fault("--anchors", shown)
        assert "its end was cut off" in fault
        assert str(outside) in fault


def test_a_changed_event_is_found_even_in_a_chain_that_was_written_anew(owner: Owner, outside: Path) -> None:
    fourth = ChainLink.objects.get(position=4).event_id
    with owner.without_triggers("audit_event"):
        owner.run("UPDATE audit_event SET reason = 'another' WHERE id = %s", [fourth])
    fault = _fault()
    assert fault.count("Not compared") == 3
    assert fault.splitlines()[-1].startswith("Good up to: 3:")
    assert f"Event {fourth}, at position 4, is not as it was written." in _fault()
    _write_anew(owner)
    fault = _fault()
    assert "an event between positions 4 and 5 was changed, added or removed afterwards" in fault
    assert fault.count("Contradicted by") == 3
    assert "3 anchors agree" in fault


def test_a_row_that_was_changed_is_no_proof(owner: Owner, outside: Path) -> None:
    with owner.without_triggers("audit_anchor"):
        owner.run("UPDATE audit_anchor SET position = 4 WHERE position = 5")
    assert _fault().count("the row does not say what was signed") == 3


def test_options_that_cannot_be_used_are_refused(owner: Owner) -> None:
    for wrong in (("--key", "abc"), ("--roots", "/nowhere.pem"), ("--head", "7")):
        with pytest.raises(CommandError, match="write "):
            _verify(*wrong)


@pytest.fixture
def stamped(
    owner: Owner, write: Write, clock: Clock, settings: Any, tmp_path: Path
) -> tuple[Authority, Path]:
    """A log of three events that an authority stamped, and the token in a file."""
    made = Authority(tmp_path / "authority")
    made.make()
    now = clock.move_to(datetime.now(UTC))
    for _ in range(3):
        write(now=now)
    with serving(made) as authority:
        settings.ANCHORING = Anchoring(authority=authority.address, authority_ca=str(authority.root))
        tasks.anchor()
    token = tmp_path / "answer.tsr"
    token.write_bytes(bytes(Anchor.objects.kept().get().proof))
    return made, token


def test_a_token_shows_a_cut_end_by_itself(
    owner: Owner, stamped: tuple[Authority, Path], settings: Any
) -> None:
    authority, token = stamped
    assert "1 anchor agrees" in _verify()
    assert "2 anchors agree" in _verify("--anchors", token)
    _cut(owner, keep=2)
    assert "its end was cut off" in _fault()
    _forget_anchors(owner, beyond=0)
    settings.ANCHORING = Anchoring()
    fault = _fault("--anchors", token, "--roots", authority.root)
    assert "had a head that it has nowhere now" in fault
    assert "or the end was cut off" in fault


def test_the_log_is_exported_once_for_its_owner_alone(outside: Path, tmp_path: Path) -> None:
    file = tmp_path / "log.jsonl"
    call_command("export_chain", str(file), stdout=StringIO())
    assert file.stat().st_mode & 0o777 == 0o600
    previous = START
    for link, line in zip(ChainLink.objects.order_by("position"), file.read_text().splitlines(), strict=True):
        previous = hash_of(link.position, previous, tuple(json.loads(line)))
        assert previous == link.hash
    with pytest.raises(CommandError, match="is there already"):
        call_command("export_chain", str(file))


def _outsider(*arguments: object) -> subprocess.CompletedProcess[str]:
    """Run what an outsider runs: without site packages, in no folder of ours."""
    command = [sys.executable, "-I", str(OUTSIDER), *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, check=False, cwd="/")


def _exported(tmp_path: Path) -> Path:
    file = tmp_path / "log.jsonl"
    call_command("export_chain", str(file), stdout=StringIO())
    return file


def test_an_outsider_proves_on_a_bare_python_what_was_known_when_and_finds_changes(
    outside: Path, tmp_path: Path, owner: Owner
) -> None:
    log, key = _exported(tmp_path), our_keys()[0]
    fourth = ChainLink.objects.get(position=4).event_id
    done = _outsider(log, outside, "--key", key, "--event", fourth)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("yes   ") == 6
    assert "This stood in the log, word for word, on 2023-09-15T02:00:01Z" in done.stdout
    assert f"believed from here on: {key}" in _outsider(log, outside).stdout
    lines = log.read_text().splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:4]))
    done = _outsider(tmp_path / "cut.jsonl", outside)
    assert done.returncode == 1
    assert "the log had 5 events: the end of this export is cut off" in done.stdout
    assert done.stdout.count("yes   ") == 3
    (tmp_path / "changed.jsonl").write_text("".join([lines[0].replace("PDRM", "JIM"), *lines[1:]]))
    done = _outsider(tmp_path / "changed.jsonl", outside)
    assert (done.returncode, done.stdout.count("were others than in this export")) == (1, 6)
    for old, new, why in (
        (" 3 ", " 2 ", "the signature does not match the words"),
        ("jejak-anchor-1", "another", "holds no anchor"),
    ):
        (tmp_path / "line.txt").write_text(
            (outside / FILE_NAME).read_text().splitlines()[0].replace(old, new)
        )
        done = _outsider(log, tmp_path / "line.txt")
        assert (done.returncode, why in done.stdout) == (1, True), old
        assert "signed with another key" in _outsider(log, outside, "--key", "a" * 64).stdout, old


def test_a_token_is_judged_by_openssl_and_no_strangers_or_other_heads_is_a_proof(
    stamped: tuple[Authority, Path], tmp_path: Path, owner: Owner, write: Write
) -> None:
    authority, token = stamped
    log = _exported(tmp_path)
    done = _outsider(log, token, "--roots", authority.root)
    assert (done.returncode, "the first 3 events stood in the log on" in done.stdout) == (0, True)
    assert "a timestamp needs --roots" in _outsider(log, token).stdout
    lines = log.read_text().splitlines(keepends=True)
    (tmp_path / "cut.jsonl").write_text("".join(lines[:2]))
    assert "or longer" in _outsider(tmp_path / "cut.jsonl", token, "--roots", authority.root).stdout
    stranger = Authority(tmp_path / "stranger")
    stranger.make()
    fault = _fault("--roots", stranger.root)
    assert "no root that is trusted vouches for this timestamp" in fault
    # The owner signs nothing, but can put an older token into a newer row.
    other = authority.stamp(question_of(b"3:another"))
    with owner.without_triggers("audit_anchor"):
        owner.run("UPDATE audit_anchor SET proof = %s", [other])
    assert "its timestamp is that of another head" in _fault()


def test_the_public_key_is_printed() -> None:
    out = StringIO()
    call_command("anchor_key", stdout=out)
    assert out.getvalue().split() == our_keys()
