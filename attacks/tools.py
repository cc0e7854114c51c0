"""Attacks by tools that others keep: sqlmap, wapiti, slowhttptest, testssl, and Mozilla's Observatory."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from attacks.attack import Ground, Succeeded, attack
from attacks.browser import Browser
from attacks.site import HOST
from tracker.house.own_environment import own_environment

GROUP = "tools"
LEAST_OBSERVATORY = 125


def prepare(chosen: Iterable[str]) -> None:
    """Fetch from the registries, once and by locked lists, what the attacks of the chosen groups need."""
    if GROUP not in set(chosen):
        return
    print("Fetching Observatory and wapiti, if they are not here yet …", flush=True)
    try:
        _modules_of_node()
        _wapiti()
    except subprocess.CalledProcessError as error:
        raise RuntimeError(f"{' '.join(map(str, error.cmd))} failed: is the registry reachable?") from error


def _modules_of_node() -> Path:
    """Return the folder of the Observatory, made once beside this module."""
    folder = Path(__file__).parent / "node_modules"
    if not (folder / ".package-lock.json").exists():
        fetch = ["npm", "ci", "--no-audit", "--no-fund", "--silent", "--omit=optional", "--ignore-scripts"]
        subprocess.run(fetch, cwd=folder.parent, check=True, timeout=500)
    # Its list of hosts that browsers know to ask by HTTPS would be fetched from elsewhere; ours is on no list.
    kept = folder / "@mdn/mdn-http-observatory/conf"
    kept.mkdir(exist_ok=True)
    (kept / "hsts-preload.json").write_text("{}")
    return folder


def _wapiti() -> Path:
    return own_environment(Path(__file__).parent, "wapiti")


def _cookie(ground: Ground) -> str:
    """Return the header with which a tool is the attacker, straight at the web process. Raises RuntimeError if it is not."""
    direct = Browser(ground.site, direct=True)
    direct.cookies.update(ground.attacker.cookies)
    if direct.get("/my-work/").status != 200:
        raise RuntimeError("the tool would not be signed in")
    return "; ".join(f"{name}={value}" for name, value in direct.cookies.items())


def _run(command: list[str], seconds: int, folder: Path) -> str:
    """Run a program and return all that it printed. Raises RuntimeError when it is not installed."""
    if shutil.which(command[0]) is None:
        raise RuntimeError(f"{command[0]} is not installed")
    done = subprocess.run(
        command, capture_output=True, text=True, errors="replace", timeout=seconds, check=False, cwd=folder
    )
    return done.stdout + done.stderr


#: What sqlmap tries: an address, and the fields of a form for a POST. Each parameter is tried but the form's token.
_ASKED: tuple[tuple[str, str], ...] = (
    ("/sign-in/", "login=a%40b.example&password=salah"),
    ("/password/reset/", "email=a%40b.example"),
    ("/sign-in/?next=/my-work/", ""),
    ("/search/?q=a&kind=updates", ""),
    ("/search/suggestions/?q=a", ""),
    ("/items/?q=a&order=late&status=progress&agency=1", ""),
    ("/evidence/?q=a&agency=1&class=1", ""),
    ("/overview/?pillar=prosecution&as_at=2023-09-01", ""),
    ("/figures/?pillar=prosecution", ""),
    ("/account/contact/", "post=Pegawai&unit=Unit&phone=0312345678"),
)
_DONE = re.compile("do(es)? not (appear|seem) to be injectable|all tested parameters")


@attack(GROUP, "sqlmap tries sign-in, the reset, searches, filters of lists, and a form")
def sqlmap(ground: Ground) -> str:
    cookie = _cookie(ground)
    for path, form in _ASKED:
        who = "" if path.startswith(("/sign-in/", "/password/")) else cookie
        browser = ground.stranger() if not who else ground.attacker
        token = browser.token()
        if not who:
            who = "; ".join(f"{name}={value}" for name, value in browser.cookies.items())
        sent = (
            [
                "--data",
                f"csrfmiddlewaretoken={token}&{form}",
                "--csrf-token",
                "csrfmiddlewaretoken",
                "--csrf-url",
                _at(ground, path),
            ]
            if form
            else []
        )
        origin = f"https://{HOST}:{ground.site.tls_port}"
        headers = f"Host: {HOST}:{ground.site.tls_port}\nX-Forwarded-Proto: https\nOrigin: {origin}\nReferer: {origin}/sign-in/"
        said = _run(
            # Each request comes from another address, so that no limit ends the attempt.
            ["sqlmap", "--batch", "--url", _at(ground, path), "--cookie", who, "--headers", headers, *sent, "--tamper", "xforwardedfor",
             "--skip", "csrfmiddlewaretoken", "--level", "1", "--risk", "1", "--technique", "BEUT", "--time-sec", "4", "--flush-session",
             "--dbms", "postgresql", "--ignore-code", "*", "--output-dir", str(ground.site.folder / "sqlmap")], 280, ground.site.folder,
        )  # fmt: skip
        if re.search(r"is vulnerable|Parameter: .*\n\s+Type:", said):
            raise Succeeded(f"{path}: {said[-300:]}")
        if not _DONE.search(said):
            raise RuntimeError(f"sqlmap did not finish with {path}: {said[-300:]}")
    posts = sum(bool(form) for _path, form in _ASKED)
    return f"{len(_ASKED)} addresses, {posts} of them forms: no parameter is injectable"


def _at(ground: Ground, path: str) -> str:
    return f"http://127.0.0.1:{ground.site.port}{path}"


@attack(GROUP, "slowhttptest: slow heads, bodies and ranges")
def slowhttptest(ground: Ground) -> str:
    said = []
    for kind in ("-H", "-B", "-R"):
        out = _run(
            ["slowhttptest", kind, "-c", "500", "-r", "200", "-l", "15", "-p", "4", "-x", "24", "-u", f"http://127.0.0.1:{ground.site.port}/sign-in/"], 120, ground.site.folder,
        )  # fmt: skip
        found = re.findall(
            r"service available:\W*(?:\x1b\[\d+m)*\s*(YES|NO)", re.sub(r"\x1b\[[\d;]*[A-Za-z]", "", out)
        )
        if not found:
            raise RuntimeError(f"slowhttptest said nothing: {out[-200:]}")
        lost = found.count("NO") / len(found)
        if lost > 0.2:
            raise Succeeded(f"{kind}: not available in {lost:.0%} of the time")
        said.append(f"{kind} {1 - lost:.0%}")
    return "available: " + ", ".join(said)


@attack(GROUP, "testssl.sh judges the versions, ciphers and known faults of TLS")
def testssl(ground: Ground) -> str:
    report = ground.site.folder / "testssl.json"
    _run(
        ["testssl", "--quiet", "--color", "0", "--protocols", "--server-defaults", "--vulnerable", "--headers", "--jsonfile", str(report), "--nodns", "none",
         "--ip", "127.0.0.1", f"{HOST}:{ground.site.tls_port}"], 500, ground.site.folder,
    )  # fmt: skip
    found = json.loads(report.read_text(encoding="utf-8"))
    # The certificate is the test's own, and so is its trust: nothing of it is judged.
    grave = [
        each
        for each in found
        if each["severity"] in {"HIGH", "CRITICAL", "MEDIUM"}
        and not re.search("cert|trust|OCSP|CAA|DNS|chain|expir", each["id"], re.IGNORECASE)
    ]
    if grave:
        raise Succeeded("; ".join(f"{each['id']}: {each['finding']}" for each in grave)[:300])
    return f"{len(found)} findings, none of medium severity or more but those of the test's own certificate"


@attack(GROUP, "Mozilla's Observatory judges the headers")
def observatory(ground: Ground) -> str:
    folder = Path(__file__).parent
    done = subprocess.run(
        ["node", str(folder / "observatory.mjs"), str(ground.site.tls_port), str(ground.site.http_port)],
        capture_output=True, text=True, timeout=120, check=False, cwd=folder,
        env={**os.environ, "NODE_EXTRA_CA_CERTS": str(ground.site.folder / "cert.pem")},
    )  # fmt: skip
    try:
        told = json.loads(done.stdout)
    except ValueError:
        raise RuntimeError(f"it did not finish: {done.stderr[-300:]}") from None
    if told["score"] < LEAST_OBSERVATORY:
        raise Succeeded(f"{told['grade']} {told['score']}: {', '.join(told['failed'])}")
    return f"{told['grade']} {told['score']}"


#: What wapiti tries. Left alone: what ends its own session, and answers that are the same for everybody.
_MODULES = "xss,permanentxss,sql,timesql,exec,file,crlf,redirect,ssrf,xxe,csrf,methods,backup"
_LEFT_OUT = ("/sign-out/", "/language/", "/account/sessions/*", "/password/*", "/static/*", "/guides/*")
_FEWEST_PAGES = 30


@attack(GROUP, "wapiti crawls as an officer and tries what it knows")
def wapiti(ground: Ground) -> str:
    report = ground.site.folder / "wapiti.json"
    cookie, origin = _cookie(ground), f"http://127.0.0.1:{ground.site.port}"
    program = _wapiti()
    left_out = [word for path in _LEFT_OUT for word in ("-x", f"{origin}{path}")]
    said = _run(
        [str(program), "-u", f"{origin}/my-work/", "-H", f"Host: {HOST}:{ground.site.tls_port}", "-H", "X-Forwarded-Proto: https",
         "-H", f"Cookie: {cookie}", "-m", _MODULES, "--scope", "domain", *left_out, "--max-links-per-page", "40", "--max-files-per-dir", "6",
         "-d", "3", "--max-scan-time", "60", "--max-attack-time", "8", "--tasks", "4", "--flush-session", "-f", "json", "-o", str(report),
         "--no-bugreport", "-v", "0"], 500, ground.site.folder,
    )  # fmt: skip
    if not report.exists():
        raise RuntimeError(f"wapiti did not finish: {said[-200:]}")
    told = json.loads(report.read_text(encoding="utf-8"))
    found = {kind: each[0]["path"] for kind, each in told["vulnerabilities"].items() if each}
    pages = told["infos"].get("crawled_pages_nbr", 0)
    if found:
        raise Succeeded(str(found))
    if pages < _FEWEST_PAGES:
        raise RuntimeError(f"wapiti saw {pages} pages only")
    return f"{pages} pages, nothing found"
