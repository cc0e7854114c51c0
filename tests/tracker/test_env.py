"""Each variable is read strictly: a wrong value is one sentence that names it and says what to write."""

import os
import runpy
import subprocess
import sys
from collections.abc import Callable
from itertools import product
from pathlib import Path
from typing import Any

import pytest

from tracker.env import PASSWORDS, BadSetting, Reader, gather, read_file, state_folder

BASE = Path(__file__).resolve().parent.parent.parent


def reader(**values: str) -> Reader:
    return Reader(values)


WRONG: list[tuple[dict[str, str], Callable[[Reader], Any], str]] = [
    ({}, lambda r: r.text("NAME", what="a name"), "NAME is not set: write a name."),
    (
        {"KEY": "short"},
        lambda r: r.secret("KEY", at_least=50),
        "KEY has 5 characters: write at least 50 random",
    ),
    ({}, lambda r: r.secret("KEY", at_least=50), "KEY is not set: write at least 50 random characters"),
    ({"ON": "ja"}, lambda r: r.flag("ON", default=False), "ON is 'ja': write true or false."),
    (
        {"N": "12 MB"},
        lambda r: r.number("N", 1, at_least=0, at_most=99),
        "N is '12 MB': write a whole number",
    ),
    ({"N": "100"}, lambda r: r.number("N", 1, at_least=0, at_most=99), "write a whole number from 0 to 99."),
    ({"C": "maybe"}, lambda r: r.choice("C", ("a", "b", "c")), "C is 'maybe': write a, b or c."),
    ({"H": "https://x.my"}, lambda r: r.hosts("H"), "H holds 'https://x.my': write the host names"),
    ({"H": "*"}, lambda r: r.hosts("H"), "H holds '*': write the host names"),
    ({}, lambda r: r.hosts("H"), "H is not set: write the host names"),
    ({"O": "jejak.my"}, lambda r: r.origins("O"), "O holds 'jejak.my': write origins with their scheme"),
    ({}, lambda r: r.origin("A"), "A is not set: write the address under which people reach the site"),
    ({"A": "jejak.my"}, lambda r: r.origin("A"), "A is 'jejak.my': write the address"),
    ({"A": "ftp://jejak.my"}, lambda r: r.origin("A"), "A is 'ftp://jejak.my': write the address"),
    ({"A": "https://jejak.my/app"}, lambda r: r.origin("A"), "with its scheme and without a path."),
    ({"A": "https://a:b@jejak.my"}, lambda r: r.origin("A"), "A is 'https://a:b@jejak.my': write"),
    ({"A": "https://jejak.my?x=1"}, lambda r: r.origin("A"), "A is 'https://jejak.my?x=1': write"),
    ({"A": "https://jejak.my:99999"}, lambda r: r.origin("A"), "A is 'https://jejak.my:99999': write"),
    ({"A": "https://"}, lambda r: r.origin("A"), "A is 'https:': write"),
    ({"A": "https://jejak.my\nBcc: x"}, lambda r: r.origin("A"), "for example https://jejak.mapo.gov.my"),
    ({"F": "media"}, lambda r: r.folder("F", Path("/")), "F is 'media': write the full path of a folder"),
    ({"F": str(__file__)}, lambda r: r.folder("F", Path("/")), "which is not a folder"),
    (
        {"D": "sqlite:///db"},
        lambda r: r.database("D"),
        "D begins with 'sqlite', but only PostgreSQL is supported",
    ),
    ({"D": "postgres://a:b@h/"}, lambda r: r.database("D"), "D has no name of a database: write an address"),
    ({"D": "postgres://h/d"}, lambda r: r.database("D"), "D has no name of a role"),
    ({"D": "postgres://a:b@/d"}, lambda r: r.database("D"), "D has no host"),
    ({"D": "postgres://a:b@h:port/d"}, lambda r: r.database("D"), "write an address such as postgres://"),
    (
        {"D": "postgres://a:b@h/d?pool=1"},
        lambda r: r.database("D"),
        "D has an option that is not known (pool)",
    ),
    (
        {"B": "amqp://h"},
        lambda r: r.broker("B"),
        "B begins with 'amqp', which is no broker that is supported",
    ),
    ({"B": "filesystem://folder"}, lambda r: r.broker("B"), "B names no folder by its full path"),
    ({"B": "redis:///0"}, lambda r: r.broker("B"), "B has no host: write redis://host:6379/0"),
    ({"M": "imap://h"}, lambda r: r.email("M"), "M begins with 'imap', which is no way of sending mail"),
    ({"M": "smtp://"}, lambda r: r.email("M"), "M has no host"),
    ({"M": "file://mail"}, lambda r: r.email("M"), "M names no folder by its full path"),
    (
        {"S": "clamav"},
        lambda r: r.scanner_address("S"),
        "S is 'clamav': write host:port, for example clamav:3310",
    ),
]


def test_read_wrong_value() -> None:
    for values, read, sentence in WRONG:
        with pytest.raises(BadSetting) as caught:
            read(reader(**values))
        assert sentence in str(caught.value)
        assert str(caught.value).endswith((".", "socket."))


def test_read_flag() -> None:
    for word, meaning in (("true", True), ("ON", True), ("0", False), ("no", False)):
        assert reader(X=word).flag("X", default=not meaning) is meaning, word


def test_read_what_is_right() -> None:
    assert reader(X=" ").number("X", 7, at_least=0, at_most=9) == 7
    for typed in ("https://Jejak.gov.my/", "http://localhost:8001", "http://[::1]:81"):
        assert reader(A=typed).origin("A") == typed.rstrip("/"), typed
    found = reader(D="postgresql://us%40er:p%2Fw@/jejak?host=/tmp/sock&sslmode=disable").database("D")
    assert found["HOST"] == "/tmp/sock"
    assert (found["USER"], found["PASSWORD"], found["NAME"]) == ("us@er", "p/w", "jejak")
    assert found["OPTIONS"] == {"sslmode": "disable"}
    found = reader(M="smtp+tls://a:b@mail.example").email("M")
    assert (found["EMAIL_HOST"], found["EMAIL_PORT"], found["EMAIL_USE_TLS"]) == ("mail.example", 587, True)


def test_server_elsewhere_is_reached_by_tls_alone() -> None:
    taken = ("?sslmode=require", "?sslmode=verify-full&sslrootcert=/etc/ssl/certs/ca-certificates.crt")
    refused = ("", "?sslmode=prefer", "?sslmode=allow", "?sslmode=disable")
    for host, options in product(("db.example.gov.my", "10.0.0.7", "[fd00::7]"), taken + refused):
        read = reader(D=f"postgres://web:secret@{host}:5432/jejak{options}")
        assert read.database("D")["HOST"]
        if options in taken:
            assert read.database("D", demands_tls=True)["HOST"], options
            continue
        with pytest.raises(BadSetting, match="goes on without TLS") as caught:
            read.database("D", demands_tls=True)
        assert "secret" not in str(caught.value), options


def test_server_of_this_machine_needs_no_tls() -> None:
    for place in ("@/jejak?host=/tmp/sock", "@localhost/jejak", "@127.0.0.1/j", "@[::1]/j", "@pgbouncer/j"):
        assert reader(D=f"postgres://web:secret{place}").database("D", demands_tls=True), place


def test_gather_lets_the_environment_go_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    first.write_text("A=first\nB=first\n")
    second.write_text("A=second\nB=second\nC=second\n")
    monkeypatch.setenv("A", "process")
    found = gather(first, second)
    assert (found["A"], found["B"], found["C"]) == ("process", "first", "second")
    assert "C" not in os.environ


def test_a_secret_may_lie_in_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """One that both name says the same twice, as when a process hands its environment on."""
    path = tmp_path / "key"
    path.write_text(f"{'k' * 60}\n")
    settings = tmp_path / "settings"
    settings.write_text(f"SECRET_KEY_FILE={path}\nSITE_URL_FILE={path}\n")
    monkeypatch.delenv("SECRET_KEY", raising=False)
    assert Reader(gather(settings)).secret("SECRET_KEY", at_least=50) == "k" * 60
    monkeypatch.setenv("SECRET_KEY", "k" * 60)
    assert Reader(gather(settings)).secret("SECRET_KEY", at_least=50) == "k" * 60
    assert "SITE_URL" not in {name for name, value in gather(settings).items() if value == "k" * 60}


def test_a_secret_in_a_bad_file_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "key"
    monkeypatch.setenv("SECRET_KEY", "k" * 60)
    monkeypatch.setenv("SECRET_KEY_FILE", str(path))
    with pytest.raises(BadSetting, match=r"which cannot be read \(No such file or directory\)"):
        gather()
    for content, sentence in (
        (b"\xff\xfe", "which cannot be read (it is not a text)"),
        (b" \n", "which does not hold one line"),
        (b"a\nb\n", "which does not hold one line"),
        (b"other", "SECRET_KEY and SECRET_KEY_FILE say different things"),
    ):
        path.write_bytes(content)
        with pytest.raises(BadSetting) as refused:
            gather()
        assert sentence in str(refused.value) and "\n" not in str(refused.value), content


def test_a_secret_in_a_file_without_its_full_path_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("EMAIL_URL_FILE", "mail")
    with pytest.raises(BadSetting, match="EMAIL_URL_FILE is 'mail': write the full path"):
        gather()


def test_the_owners_file_may_be_shut_to_all_others(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The web starts without the owner's secret, which it is not to read; what migrates says that it cannot read it."""
    monkeypatch.setenv("DATABASE_OWNER_URL_FILE", str(tmp_path / "owner"))
    monkeypatch.delenv("DATABASE_OWNER_URL", raising=False)
    monkeypatch.delenv("JEJAK_DATABASE_ROLE", raising=False)
    assert "DATABASE_OWNER_URL" not in gather()
    monkeypatch.setenv("JEJAK_DATABASE_ROLE", "owner")
    with pytest.raises(BadSetting, match="No such file or directory"):
        gather()
    (tmp_path / "owner").write_text("postgres://owner:x@h/d\n")
    assert gather()["DATABASE_OWNER_URL"] == "postgres://owner:x@h/d"


ADDRESSES = {
    "DATABASE_URL": (
        "postgres://web@h:5432/d?sslmode=require",
        "postgres://web:p%40ss%2Fword@h:5432/d?sslmode=require",
    ),
    "BROKER_URL": ("redis://h:6379/0", "redis://:p%40ss%2Fword@h:6379/0"),
    "EMAIL_URL": ("smtp+tls://me@h:587", "smtp+tls://me:p%40ss%2Fword@h:587"),
}


def test_a_password_lies_apart_from_its_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, given, whole in ((name, *both) for name, both in ADDRESSES.items()):
        file = tmp_path / "password"
        file.write_text("p@ss/word\n")
        monkeypatch.setenv(name, given)
        monkeypatch.setenv(f"{PASSWORDS[name]}_FILE", str(file))
        assert gather()[name] == whole, name
        monkeypatch.setenv(name, whole)
        assert gather()[name] == whole, name
        monkeypatch.setenv(name, whole.replace("p%40ss", "other"))
        with pytest.raises(BadSetting, match=f"^{name} holds a password and {PASSWORDS[name]} another"):
            gather()
        monkeypatch.setenv(name, given)
        file.write_text("")
        with pytest.raises(BadSetting, match="does not hold one line"):
            gather()


def test_whoever_signs_in_without_a_name_needs_no_password(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for address in ("smtp://relay:25", "file:///var/mails", "console://", "smtp+tls://["):
        (tmp_path / "none").write_text("")
        monkeypatch.setenv("EMAIL_URL", address)
        monkeypatch.setenv("EMAIL_PASSWORD_FILE", str(tmp_path / "none"))
        assert gather()["EMAIL_URL"] == address, address


def test_an_empty_file_of_what_need_not_be_there_is_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "none").write_text("")
    monkeypatch.delenv("SECRET_KEY_FALLBACKS", raising=False)
    monkeypatch.setenv("SECRET_KEY_FALLBACKS_FILE", str(tmp_path / "none"))
    assert Reader(gather()).secrets("SECRET_KEY_FALLBACKS", at_least=50) == []


def test_read_file_reads_as_compose_does(tmp_path: Path) -> None:
    assert read_file(tmp_path / "none") == {}
    (tmp_path / ".env").write_text("A='it $B # is'\nexport B=\"two words\"\nC=a#b # said\nD=\nE=$A\n")
    assert read_file(tmp_path / ".env") == {
        "A": "it $B # is",
        "B": "two words",
        "C": "a#b",
        "D": "",
        "E": "$A",
    }


PRODUCTION = {
    "ENVIRONMENT": "production",
    "DEMO": "false",
    "ALLOWED_HOSTS": "x.my",
    "SITE_URL": "https://x.my",
    "EMAIL_URL": "smtp://mail.example",
}
STARTS = [
    ({"SECRET_KEY": ""}, "SECRET_KEY is not set"),
    ({"DEBUG": "si"}, "DEBUG is 'si': write true or false."),
    ({"ENVIRONMENT": "production", "ALLOWED_HOSTS": "x.my"}, "DEMO is on while ENVIRONMENT is production"),
    ({"ENVIRONMENT": "production", "DEMO": "false", "ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is not set"),
    ({"ENVIRONMENT": "production", "DEMO": "false", "ALLOWED_HOSTS": "x.my"}, "SITE_URL is not set"),
    ({"SITE_URL": "x.my"}, "SITE_URL is 'x.my'"),
    ({"SCANNER": "clamav"}, "CLAMD_ADDRESS is not set"),
    ({"CLAMD_ADDRESS": "clamav:3310"}, "SCANNER is none although CLAMD_ADDRESS is set"),
    ({"CLASSIFICATION_CEILING": "5"}, "CLASSIFICATION_CEILING is '5'"),
    ({"MEDIA_ROOT": "media"}, "MEDIA_ROOT is 'media'"),
    ({"DATABASE_URL": ""}, "DATABASE_URL is not set"),
    (
        {**PRODUCTION, "DATABASE_URL": "postgres://web:secret@db.example.gov.my/jejak"},
        "DATABASE_URL leads to another machine with sslmode=prefer, which goes on without TLS: write ?sslmode=verify-full&",
    ),
    ({"SECRET_KEY_FILE": "/none/key"}, "SECRET_KEY_FILE is '/none/key', which cannot be read"),
    ({"DATABASE_POOLED": "ya"}, "DATABASE_POOLED is 'ya': write true or false."),
]


def test_settings_refuse_a_wrong_value_in_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    for values, sentence in STARTS:
        with monkeypatch.context() as start:
            for name, value in values.items():
                start.setenv(name, value)
            with pytest.raises(BadSetting) as refused:
                runpy.run_path(str(BASE / "tracker" / "settings.py"))
        assert sentence in str(refused.value) and "\n" not in str(refused.value)


def test_migrate_refuses_one_role_for_both() -> None:
    web = "postgres://same:a@127.0.0.1:9/none"
    done = _python("manage.py", "migrate", DATABASE_URL=web, DATABASE_OWNER_URL=web)
    assert done.returncode == 1
    assert done.stderr.startswith("DATABASE_OWNER_URL signs in as the same role as DATABASE_URL")


def test_door_with_wrong_value_prints_one_sentence() -> None:
    entry = ("-m", "tracker.entry")
    for door in (
        ("manage.py", "check"),
        *((*entry, door) for door in ("web", "worker", "migrate", "health")),
    ):
        done = _python(*door, BROKER_URL="amqp://h")
        assert done.returncode == 1
        assert done.stderr.startswith("BROKER_URL begins with 'amqp'")
        assert done.stderr.strip().count("\n") == 0, door
    done = _python(*entry, "beat", WEB_WORKERS="two")
    assert done.returncode == 1
    assert done.stderr.strip() == "WEB_WORKERS is 'two': write a whole number from 1 to 64."


def _python(*arguments: str, **values: str) -> "subprocess.CompletedProcess[str]":
    return subprocess.run(
        [sys.executable, *arguments],
        cwd=BASE,
        env={**os.environ, **values},
        capture_output=True,
        text=True,
        check=False,
    )


def test_a_line_that_cannot_be_read_is_named_without_its_words(tmp_path: Path) -> None:
    (tmp_path / ".env").write_text("# one\n\n  \nDEBUG=false\nSECRET_KEY = hush\n")
    with pytest.raises(BadSetting) as raised:
        gather(tmp_path / ".env")
    assert str(raised.value) == (
        f"Line 5 of {tmp_path / '.env'} is no setting: write NAME=value, or begin it with #."
    )
    (tmp_path / ".env").write_text('DEBUG=false\nSECRET_KEY="hush\nDEMO=true\n')
    with pytest.raises(BadSetting) as raised:
        read_file(tmp_path / ".env")
    assert str(raised.value) == f"The quotes in line 2 of {tmp_path / '.env'} are not closed."


def test_a_wrong_number_names_file_and_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text("# one\nWEB_WORKERS=two\nWEB_THREADS=0\n")
    with pytest.raises(BadSetting) as raised:
        Reader(gather(tmp_path / ".env")).web_size()
    assert str(raised.value) == (
        f"WEB_WORKERS is 'two': write a whole number from 1 to 64. It stands in line 2 of {tmp_path / '.env'}."
    )
    monkeypatch.setenv("WEB_WORKERS", "three")
    with pytest.raises(BadSetting) as raised:
        Reader(gather(tmp_path / ".env")).web_size()
    assert str(raised.value) == "WEB_WORKERS is 'three': write a whole number from 1 to 64."


def test_folder_of_state_may_stand_in_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / ".env").write_text(f"STATE_DIR={tmp_path / 'kept'}\n")
    monkeypatch.setenv("ENV_FILE", ".env")
    monkeypatch.delenv("STATE_DIR", raising=False)
    assert state_folder(tmp_path) == tmp_path / "kept"
    monkeypatch.setenv("STATE_DIR", "/var/lib/other")
    assert state_folder(tmp_path) == Path("/var/lib/other")
