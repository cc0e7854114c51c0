"""What is looked at while the containers run. Each step returns what it saw, in a few words, or raises TrialFailed."""

from __future__ import annotations

import http.client
import io
import re
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field

from attacks.browser import Browser
from attacks.exports import is_file, make
from attacks.files import EICAR, upload
from trials import visitors
from trials.containers import pages
from trials.containers.outages import kill_one, watching
from trials.containers.stack import SERVICES, Stack
from trials.install.shell import Shell
from trials.install.stand_ins import HOST, NEXT_RELEASE, RELEASE
from trials.releases import TrialFailed

#: As the page of installing invites it.
_ADMINISTRATOR, _OFFICER = "admin@example.gov.my", "officer@example.gov.my"
CLEAN = b"Laporan latihan pegawai, tanpa nama sesiapa.\n"
_SCAN_SECONDS = 60


@dataclass
class ContainerTrial:
    """The shell of the operator, the stack that runs, and who is signed in."""

    stack: Stack
    shell: Shell
    say: pages.Say
    browsers: dict[str, Browser] = field(default_factory=dict)
    #: The page of the clean file that the officer sent.
    kept: str = ""


def demand(holds: object, sentence: str) -> None:
    """Raise TrialFailed with a sentence unless something holds."""
    if not holds:
        raise TrialFailed(sentence)


def front(trial: ContainerTrial) -> str:
    """TLS, HTTP/2, the redirect, what is compressed, and the headers of security."""
    plain = http.client.HTTPConnection("127.0.0.1", 80, timeout=20)
    plain.request("GET", "/my-work/?a=1", headers={"Host": HOST})
    answer = plain.getresponse()
    demand(
        (answer.status, answer.getheader("Location")) == (301, f"https://{HOST}/my-work/?a=1"),
        f"HTTP is not led to HTTPS: {answer.status} {answer.getheader('Location')}",
    )
    context = trial.stack.tls()
    context.set_alpn_protocols(["h2", "http/1.1"])
    connection = visitors.connection_to(HOST, context)
    connection.connect()
    spoken = connection.sock.selected_alpn_protocol()
    connection.close()
    demand(spoken == "h2", f"HTTP/2 is not offered: {spoken}")
    browser = visitors.VisitorBrowser(HOST, trial.stack.tls())
    own = browser.get("/sign-in/", {"Accept-Encoding": "gzip"})
    foreign = browser.get("/sign-in/", {"Accept-Encoding": "gzip", "Sec-Fetch-Site": "cross-site"})
    demand(
        own.headers.get("content-encoding") == "gzip", "a page that our own page asks for is not compressed"
    )
    demand(
        "content-encoding" not in foreign.headers, "a page that another site asks for is compressed (ADR 19)"
    )
    plain_page = browser.get("/sign-in/")
    style = re.search(r'href="(/static/[^"]+\.css)"', plain_page.text)
    demand(style, "the sign-in page names no style sheet")
    assert style is not None
    sheet = browser.get(style[1], {"Accept-Encoding": "gzip"})
    demand(sheet.headers.get("content-encoding") == "gzip", "the style sheet is not compressed")
    for name in ("strict-transport-security", "content-security-policy", "x-content-type-options"):
        demand("," not in own.headers.get(name, ","), f"{name} is missing or stands there twice")
    return "HTTP leads to HTTPS, HTTP/2 is spoken, pages are compressed for our own pages alone"


def sealed(trial: ContainerTrial) -> str:
    """No secret in any container's environment, and neither database nor broker in nginx's reach."""
    secrets = trial.stack.secrets()
    for container in trial.stack.containers():
        told = " ".join([*container["Config"]["Env"], *(container["Config"]["Cmd"] or [])])
        shown = trial.stack.engine.run("top", container["Id"]) if container["State"]["Running"] else ""
        for name, value in secrets.items():
            demand(value not in told + shown, f"{container['Name']} shows {name} to whoever lists containers")
    command = "for host in postgres pgbouncer valkey clamav; do getent hosts $host; done; true"
    found = trial.stack.compose("exec", "--no-TTY", "nginx", "sh", "-c", command)
    demand(not found, f"nginx reaches {found}")
    for service in ("postgres", "pgbouncer", "beat"):
        ways = trial.stack.compose("exec", "--no-TTY", service, "cat", "/proc/net/route").splitlines()[1:]
        outward = [way for way in ways if way.split()[1] == "00000000"]
        demand(not outward, f"{service} has a way out of the machine: {outward}")
    return (
        f"{len(secrets)} secrets are in no environment and no list of processes; nginx reaches the webs alone, database, pool and "
        "schedule nobody outside"
    )


def install(trial: ContainerTrial) -> str:
    """Run the page of installing as it is printed, and let the administrator sign in whom it invites last."""
    began = time.monotonic()
    link = pages.install(trial.shell, trial.say)
    seconds = time.monotonic() - began
    trial.browsers["administrator"] = visitors.administrator(trial.stack.tls(), link, _ADMINISTRATOR)
    return (
        f"docs/install-containers.md took {seconds / 60:.1f} minutes; {len(trial.stack.containers())} containers; "
        "its administrator is signed in with password and second factor"
    )


def invite(trial: ContainerTrial) -> str:
    """Invite an officer, and let the officer sign in."""
    stack = trial.stack
    person = (
        "--email",
        _OFFICER,
        "--name",
        "Officer",
        "--role",
        "officer",
        "--agency",
        "KDN",
        "--language",
        "en",
    )
    link = stack.manage("add_person", *person)
    trial.browsers["officer"] = visitors.officer(stack.tls(), link.split()[-1], _OFFICER)
    addresses = set(
        re.findall(
            r"'address': '([^']+)'|\"address\": ?\"([^\"]+)\"", stack.manage("shell", "--command", _ADDRESSES)
        )
    )
    demand(addresses, "no address of a sign-in was recorded")
    return "an officer is signed in with a password, and the address that asked is recorded"


_ADDRESSES = (
    "from audit.models import Event; import json; "
    "print(json.dumps([{'address': e.address} for e in Event.objects.exclude(address=None)[:5]]))"
)


def scan(trial: ContainerTrial) -> str:
    """A clean file is accepted and scanned by clamd, EICAR is refused or held."""
    officer = trial.browsers["officer"]
    begun = time.monotonic()
    kept, _seconds = upload(officer, "laporan.txt", CLEAN)
    demand(kept.location.startswith("/evidence/"), f"a clean file was not taken: {kept.status}")
    held, _seconds = upload(officer, "virus.txt", EICAR)
    clean, virus = kept.location, held.location
    trial.kept = clean
    until(lambda: officer.get(f"{clean}download/").body == CLEAN, "the clean file cannot be downloaded")
    took = time.monotonic() - begun
    if virus:
        until(lambda: "virus" in officer.get(virus).text.lower(), "EICAR was not found")
        answer = officer.get(f"{virus}download/")
        demand(EICAR not in answer.body, "EICAR was handed out")
        return (
            f"the clean file left as it came, {took:.1f} s after it was sent; EICAR is held ({answer.status})"
        )
    return (
        f"the clean file left as it came, {took:.1f} s after it was sent; EICAR was refused ({held.status})"
    )


def until(holds: Callable[[], bool], sentence: str, *, within: int = _SCAN_SECONDS) -> None:
    """Wait until something holds; raise TrialFailed with a sentence when it does not within some seconds."""
    limit = time.monotonic() + within
    while not holds():
        demand(time.monotonic() < limit, f"{sentence} within {within} seconds")
        time.sleep(0.3)


def pack(trial: ContainerTrial) -> str:
    """Take an evidence pack whole."""
    answer = make(trial.browsers["officer"], paper="pack")
    demand(answer.status == 200 and is_file(answer), f"no pack came: {answer.status} {answer.location}")
    with zipfile.ZipFile(io.BytesIO(answer.body)) as archive:
        demand(archive.testzip() is None, "the pack is broken")
        names = archive.namelist()
    return f"{len(names)} files, {len(answer.body):,} bytes, whole"


def scale(trial: ContainerTrial) -> str:
    """Run two webs, and see both answer through nginx."""
    trial.stack.up("--no-recreate", "--scale", "web=2")
    limit = time.monotonic() + 30
    while len(answering := _webs_that_answer(trial)) < 2:
        demand(time.monotonic() < limit, f"only {sorted(answering)} answer of two webs")
    return f"both answer ({', '.join(sorted(answering))})"


def upgrade(trial: ContainerTrial) -> str:
    """Put a release in the place of both webs by the page's block, see no page refused, and then let nginx take its site."""
    stack = trial.stack
    in_place, beside = pages.upgrading()
    trial.shell.perform(_PACK)
    before, began = _running(stack), time.monotonic()
    with watching(stack.tls(), trial.browsers["officer"].cookies) as watch:
        pages.perform(trial.shell, in_place, trial.say, is_again=False)
        seconds = time.monotonic() - began
        time.sleep(3)
    after = _running(stack)
    webs = after["web"]
    demand(len(webs) == len(before["web"]) and not before["web"] & webs, "not each web was replaced by one")
    for service in ("nginx", "postgres", "pgbouncer", "valkey", "clamav"):
        demand(before[service] == after[service], f"{service} was put anew, though nothing of it changed")
    refused = watch.refused_seconds()
    demand(not refused, f"while webs were replaced, pages were refused for {refused:.1f} s")
    close(trial)
    pages.perform(trial.shell, beside, trial.say, is_again=False)
    demand(_running(stack)["nginx"] != before["nginx"], "nginx does not have the site of the new release")
    return (
        f"{len(webs)} webs were replaced in {seconds:.0f} s from another folder, and none of {len(watch.seen)} pages was refused; "
        "the site was closed and opened by the new release before nginx was put anew"
    )


#: What the page puts in place, here a copy of the same release.
_PACK = f"""\
cp --archive /opt/jejak/{RELEASE} /root/{NEXT_RELEASE}
rm /root/{NEXT_RELEASE}/.env
tar --create --gzip --file /root/{NEXT_RELEASE}.tar.gz --directory /root {NEXT_RELEASE}
"""


def close(trial: ContainerTrial) -> str:
    """Close the site by the script of the release in `current`, see everybody told so, and open it again."""
    browser = visitors.VisitorBrowser(HOST, trial.stack.tls())
    trial.shell.perform("sh deploy/maintenance.sh close 23:59\n")
    page = browser.get("/sign-in/")
    demand(
        page.status == 503 and "We expect to be back at 23:59." in page.text,
        f"the site was told to close, and the page of signing in answers {page.status}",
    )
    trial.shell.perform("sh deploy/maintenance.sh open\n")
    status = browser.get("/sign-in/").status
    demand(status == 200, f"the site was told to open, and the page of signing in answers {status}")
    return "closed with the hour, and open again"


def _running(stack: Stack) -> dict[str, set[str]]:
    return {service: {each["Id"] for each in stack.containers(service)} for service in SERVICES}


def _webs_that_answer(trial: ContainerTrial) -> set[str]:
    since = str(int(time.time()))
    for _turn in range(12):
        answer = trial.browsers["officer"].get("/my-work/")
        demand(answer.status == 200, f"a page was refused while webs were added: {answer.status}")
    said = trial.stack.compose("logs", "--no-color", "--no-log-prefix", "--since", since, "nginx")
    return {address for found in re.findall(r'"web":"([^"]+)"', said) for address in found.split(", ")}


def doctor(trial: ContainerTrial) -> str:
    """Ask the doctor of the pages and that of the owner by the command that the page put in place."""
    said = _until_quiet(trial, "jejak doctor")
    owner = _until_quiet(trial, "jejak owner doctor")
    demand("The owner's role owns all tables" in owner, f"the doctor does not see the owner's role:\n{owner}")
    lines = said.splitlines()
    well = sum(line.startswith("ok ") for line in lines)
    demand(well > 15, f"the doctor says little:\n{said}")
    others = [line for line in lines if line.startswith(("look at this", "broken", "not looked at"))]
    return f"{well} parts are well, nothing is broken" + "".join(f"\n           {line}" for line in others)


def _until_quiet(trial: ContainerTrial, command: str) -> str:
    """Return what a command of the doctor says; a machine that is too busy for five seconds is asked again."""
    for _turn in range(3):
        said = trial.shell.perform(f"{command} || echo 'ended with 1'\n")
        if "ended with 1" not in said:
            return said
        demand("gave no answer" in said, f"`{command}` ended with 1:\n{said}")
        time.sleep(5)
    raise TrialFailed(f"`{command}` got no answer:\n{said}")


def outages(trial: ContainerTrial) -> str:
    """Kill each container once."""
    cookies = trial.browsers["officer"].cookies
    lines = []
    for service in SERVICES:
        refused, well = kill_one(trial.stack, service, cookies)
        pages = f"pages were refused for {refused:.1f} s" if refused else "no page was refused"
        lines.append(f"\n           {service:<10} {pages}, well again after {well:.1f} s")
    return "each was killed once" + "".join(lines)


STEPS: tuple[tuple[str, Callable[[ContainerTrial], str]], ...] = (
    ("installed", install),
    ("front", front),
    ("sealed", sealed),
    ("sign-in", invite),
    ("scanner", scan),
    ("pack", pack),
    ("two webs", scale),
    ("upgrade", upgrade),
    ("closed", close),
    ("killed", outages),
    ("doctor", doctor),
)
