"""The site of nginx that an installation gets: made of the template, read by a real nginx, and asked."""

from __future__ import annotations

import http.client
import os
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, nullcontext
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from tests.tracker.pool import free_port
from tests.tracker.tls import make_certificate
from tracker.house.programs import PROGRAMS
from tracker.processes import bound_to_parent

#: As the template says.
MOST_LARGE_BODIES = 20
NGINX = Path(__file__).resolve().parent.parent.parent / "deploy" / "nginx"
#: As the template says; here a head has a second.
_HEAD_TIME = "client_header_timeout 10s;"
#: As Debian's own nginx.conf: it compresses.
_MAIN = """
daemon off; master_process off; pid {folder}/pid; error_log {folder}/log;
events {{ worker_connections 256; }}
http {{
  gzip on; gzip_types *; client_body_temp_path {folder}/a; proxy_temp_path {folder}/b; fastcgi_temp_path {folder}/c;
  uwsgi_temp_path {folder}/d; scgi_temp_path {folder}/e; include {folder}/site.conf;
}}
"""


def render(**variables: str) -> subprocess.CompletedProcess[str]:
    """Make the site with these variables alone."""
    return subprocess.run(
        ["sh", str(NGINX / "render.sh")],
        env={"PATH": os.environ["PATH"], **variables},
        capture_output=True,
        text=True,
        check=False,
    )


GOOD = {"ALLOWED_HOSTS": "jejak.example,localhost", "SITE_URL": "https://jejak.example"}


def test_site_is_filled_in_whole_and_a_wrong_value_is_a_sentence() -> None:
    for changed, words in (
        ({"ALLOWED_HOSTS": ""}, "ALLOWED_HOSTS is '': write the host names"),
        ({"ALLOWED_HOSTS": "jejak.example;return 200"}, "ALLOWED_HOSTS is"),
        ({"SITE_URL": "http://jejak.example"}, "SITE_URL is 'http://jejak.example': write https://"),
        ({"SITE_URL": "https://jejak.example/x"}, "SITE_URL is"),
        ({"MAX_UPLOAD_BYTES": "25 MB"}, "MAX_UPLOAD_BYTES is '25 MB': write a whole number"),
        ({"WEB_SERVERS": "127.0.0.1"}, "WEB_SERVERS is '127.0.0.1': write host:port"),
        ({"CERTIFICATE": "cert.pem"}, "A path is 'cert.pem': write full paths"),
        ({"PAGES": "/srv/a|b"}, "A path is"),
        # One line that fits makes no value that fits.
        ({"ALLOWED_HOSTS": "jejak.example\n;return 200"}, "ALLOWED_HOSTS holds more than one line"),
        ({"SITE_URL": "https://jejak.example\n$request_uri"}, "SITE_URL holds more than one line"),
        ({"MAX_UPLOAD_BYTES": "1024\n"}, "MAX_UPLOAD_BYTES holds more than one line"),
        ({"WEB_SERVERS": "127.0.0.1:8000\n127.0.0.1:1; #"}, "WEB_SERVERS holds more than one line"),
        ({"CERTIFICATE_KEY": "/etc/key.pem\n/x"}, "A path holds more than one line"),
    ):
        done = render(**GOOD | changed)
        assert (done.returncode, done.stdout) == (1, ""), (changed, words)
        assert words in done.stderr, (changed, words)
    site = render(
        **GOOD | {"WEB_SERVERS": "10.0.0.1:8000 10.0.0.2:8000", "MAX_UPLOAD_BYTES": "1000000"}
    ).stdout
    assert "${" not in site
    assert "server 10.0.0.1:8000 max_fails=5 fail_timeout=2s; server 10.0.0.2:8000 max_fails" in site
    assert "client_max_body_size 5048576;" in site
    assert "server_name jejak.example localhost;" in site
    assert "server 127.0.0.1:9;" in render(**GOOD | {"WEB_SERVERS": ""}).stdout


@dataclass
class Web:
    """Stands in for one web process: notes what it is asked."""

    port: int
    asked: list[tuple[str, str, dict[str, str]]] = field(default_factory=list)
    #: Ends the connection in place of an answer.
    breaks: bool = False
    #: A file that it does not have.
    lacks: str = ""


@contextmanager
def running_web() -> Iterator[Web]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length", 0)))
            web.asked.append((self.command, self.path, {k.lower(): v for k, v in self.headers.items()}))
            if web.breaks:
                self.close_connection = True
                return
            body = b"<p>" + b"a" * 4000
            self.send_response({"/down/": 503, web.lacks: 404}.get(self.path, 200))
            self.send_header("Content-Type", "text/html")
            self.send_header("X-Frame-Options", "DENY")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def do_POST(self) -> None:
            self.do_GET()

        def log_message(self, *_: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    web = Web(server.server_port)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield web
    finally:
        server.shutdown()
        server.server_close()


@dataclass
class Site:
    """A running nginx before two webs."""

    folder: Path
    plain: int
    tls: int
    webs: tuple[Web, Web]
    context: ssl.SSLContext

    def ask(
        self, path: str, method: str = "GET", body: bytes = b"", *, plain: bool = False, **headers: str
    ) -> tuple[int, dict[str, str], bytes]:
        connection = (
            http.client.HTTPConnection("localhost", self.plain, timeout=20)
            if plain
            else http.client.HTTPSConnection("localhost", self.tls, timeout=20, context=self.context)
        )
        try:
            connection.request(method, path, body or None, headers)
            answer = connection.getresponse()
            return answer.status, {k.lower(): v for k, v in answer.getheaders()}, answer.read()
        finally:
            connection.close()

    def asked(self) -> list[tuple[str, str, dict[str, str]]]:
        """Everything that the webs were asked."""
        return [each for web in self.webs for each in web.asked]


@pytest.fixture
def site(tmp_path: Path) -> Iterator[Site]:
    program = PROGRAMS["nginx-test"].find()
    assert program, "No nginx on this machine: run `make test`, which installs it or says how."
    key, certificate = make_certificate(tmp_path, days=5)
    shutil.copytree(NGINX / "pages", tmp_path / "pages")
    with ExitStack() as until_done:
        webs = (until_done.enter_context(running_web()), until_done.enter_context(running_web()))
        paths = {
            "CERTIFICATE": certificate,
            "CERTIFICATE_KEY": key,
            "PAGES": tmp_path / "pages",
            "CLOSED": tmp_path / "closed",
        }
        paths |= {"ACCESS_LOG": tmp_path / "access", "ERROR_LOG": tmp_path / "error"}
        done = render(
            **GOOD,
            MAX_UPLOAD_BYTES="1024",
            WEB_SERVERS=" ".join(f"127.0.0.1:{web.port}" for web in webs),
            **{name: str(path) for name, path in paths.items()},
        )
        assert done.returncode == 0, done.stderr
        plain, tls = free_port(), free_port()
        text = done.stdout.replace("listen 443 ssl", f"listen 127.0.0.1:{tls} ssl")
        text = text.replace("listen 80;", f"listen 127.0.0.1:{plain};").replace("listen [::]", "# ")
        assert text.count(_HEAD_TIME) == 2, "both ports bound the time of a head"
        (tmp_path / "site.conf").write_text(text.replace(_HEAD_TIME, "client_header_timeout 1s;"))
        (tmp_path / "nginx.conf").write_text(_MAIN.format(folder=tmp_path))
        command = [
            program,
            "-c",
            str(tmp_path / "nginx.conf"),
            "-p",
            str(tmp_path),
            "-e",
            str(tmp_path / "log"),
        ]
        tested = subprocess.run([*command, "-t"], capture_output=True, text=True, check=False)
        assert tested.returncode == 0, tested.stderr
        assert "[warn]" not in tested.stderr
        process = subprocess.Popen(bound_to_parent(command), stderr=subprocess.DEVNULL)
        until_done.callback(process.wait)
        until_done.callback(process.terminate)
        found = Site(tmp_path, plain, tls, webs, ssl.create_default_context(cafile=str(certificate)))
        _await(found)
        yield found


def _await(site: Site) -> None:
    until = time.monotonic() + 20
    while True:
        try:
            site.ask("/", plain=True)
            return
        except OSError:
            assert time.monotonic() < until, (site.folder / "log").read_text()
            time.sleep(0.05)


@pytest.mark.filterwarnings("ignore:ssl.TLSVersion:DeprecationWarning")
def test_old_versions_and_other_ciphers_of_tls_are_off(site: Site) -> None:
    for version, ciphers, is_taken in (
        (ssl.TLSVersion.TLSv1_3, "", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+AESGCM", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+CHACHA20", True),
        (ssl.TLSVersion.TLSv1_2, "ECDHE+AES:!AESGCM:!AESCCM:@SECLEVEL=0", False),
        (ssl.TLSVersion.TLSv1_2, "kRSA:DHE:!AESCCM:@SECLEVEL=0", False),
        (ssl.TLSVersion.TLSv1_1, "ALL:@SECLEVEL=0", False),
        (ssl.TLSVersion.TLSv1, "ALL:@SECLEVEL=0", False),
    ):
        site.context = ssl.create_default_context(cafile=str(site.folder / "certificate.pem"))
        site.context.minimum_version = site.context.maximum_version = version
        if ciphers:
            site.context.set_ciphers(ciphers)
        with nullcontext() if is_taken else pytest.raises(ssl.SSLError, match=r"(?i)alert"):
            assert site.ask("/")[0] == 200, (version, ciphers, is_taken)


def test_what_passes_and_what_does_not(site: Site) -> None:
    status, headers, _body = site.ask("/a/?b=1", plain=True)
    assert (status, headers["location"]) == (301, "https://jejak.example/a/?b=1")

    status, headers, body = site.ask(
        "/calendar/secret/",
        **{"X-Forwarded-For": "192.0.2.7", "X-Forwarded-Proto": "http", "Accept-Encoding": "gzip"},
    )
    assert (status, len(body)) == (200, 4003)
    # Nothing is compressed that the web had not compressed, and no header of security stands there twice.
    assert "content-encoding" not in headers
    assert headers["x-frame-options"] == "DENY"
    assert headers["server"] == "nginx"
    ((_method, path, heard),) = site.asked()
    assert path == "/calendar/secret/"
    assert heard["x-forwarded-for"] == "192.0.2.7, 127.0.0.1"
    assert heard["x-forwarded-proto"] == "https"
    assert heard["host"] == f"localhost:{site.tls}"
    assert heard["accept-encoding"] == "gzip"
    until = time.monotonic() + 10
    # nginx writes of a request after its answer.
    while heard["x-request-id"] not in (log := (site.folder / "access").read_text()):
        assert time.monotonic() < until, log
        time.sleep(0.05)
    assert "secret" not in log

    assert site.ask("/down/")[2].startswith(b"<p>aaa"), "the web's own 503 passes"
    # Four times the largest file is let through, so that Jejak refuses in its own words; more is not.
    assert site.ask("/a/", "POST", b"x" * (4 * 1024 + 512 * 1024))[0] == 200
    assert site.ask("/a/", "POST", b"x" * (2 * 1024 * 1024))[0] == 413
    assert site.ask("/summaries/verify/", "POST", b"x" * (2 * 1024 * 1024))[0] == 200


@pytest.mark.long
def test_few_large_bodies_of_one_address_wait_on_the_disk_and_pages_go_on(site: Site) -> None:
    head = b"POST /sign-in/ HTTP/1.1\r\nHost: localhost\r\n"
    lengths = (b"Content-Length: 1000000\r\n\r\n", b"Transfer-Encoding: chunked\r\n\r\n5\r\n")
    with ExitStack() as until_done:
        for number in range(MOST_LARGE_BODIES):
            until_done.enter_context(begun(site, head + lengths[number % 2] + b"begun"))
        with begun(site, head + lengths[0] + b"begun") as refused:
            assert refused.recv(12) == b"HTTP/1.1 429"
        assert site.ask("/a/", "POST", b"x" * 999_999)[0] == 200, "what is smaller is not counted"
    assert site.ask("/a/", "POST", b"x" * 1_000_000)[0] == 200, "those that were left are forgotten"


@pytest.mark.long
def test_heads_by_drops_hold_no_connection(site: Site) -> None:
    head = b"GET /sign-in/ HTTP/1.1\r\nHost: localhost\r\n"
    with begun(site, head) as over_tls, socket.create_connection(("localhost", site.plain)) as plain:
        plain.sendall(head)
        for each in (over_tls, plain):
            each.settimeout(0.1)
        assert site.ask("/a/")[0] == 200, "pages go on meanwhile"
        until, held = time.monotonic() + 8, {over_tls, plain}
        while held and time.monotonic() < until:
            held = {each for each in held if _is_held(each)}
    assert not held, "it is held as long as drops come"


def _is_held(client: socket.socket) -> bool:
    try:
        client.sendall(b"X-A: b\r\n")
        return bool(client.recv(100))
    except TimeoutError:
        return True
    except OSError:
        return False


@contextmanager
def begun(site: Site, sent: bytes) -> Iterator[ssl.SSLSocket]:
    """A request that has begun and goes no further."""
    plain = socket.create_connection(("localhost", site.tls), timeout=20)
    with site.context.wrap_socket(plain, server_hostname="localhost") as client:
        client.sendall(sent)
        time.sleep(0.05)
        yield client


@pytest.mark.long
def test_web_that_breaks_off_is_replaced_but_no_form_is_sent_twice(site: Site) -> None:
    for web in site.webs:
        web.breaks = True
    status, headers, body = site.ask("/a/")
    assert (status, headers["retry-after"]) == (502, "5")
    assert b"Jejak terhenti seketika" in body
    assert headers["strict-transport-security"].startswith("max-age=31536000")
    assert [len(web.asked) for web in site.webs] == [1, 1], "both were tried"

    for web in site.webs:
        web.asked.clear()
    assert site.ask("/a/", "POST", b"typed")[0] == 502
    assert len(site.asked()) == 1, "a form reaches one web once"

    site.webs[0].breaks = False
    assert {site.ask("/a/")[0] for _ in range(6)} == {200}


@pytest.mark.long
def test_page_of_one_release_gets_its_files_though_the_other_has_them_not(site: Site) -> None:
    site.webs[0].lacks = "/static/ui/app.0123456789ab.css"
    assert {site.ask(site.webs[0].lacks)[0] for _ in range(6)} == {200}
    assert any(path == site.webs[0].lacks for _method, path, _heard in site.webs[0].asked), "it was asked too"
    site.webs[1].lacks = site.webs[0].lacks
    assert site.ask(site.webs[0].lacks)[0] == 404
    site.webs[0].lacks = "/a/"
    assert {site.ask("/a/")[0] for _ in range(6)} == {200, 404}, "a page that is not there is asked for once"


def maintenance(site: Site, *arguments: str, shown: str = "site.conf") -> subprocess.CompletedProcess[str]:
    """Run the script with a stand-in for `nginx -T`, which shows a file of the site."""
    program = site.folder / "bin" / "nginx"
    program.parent.mkdir(exist_ok=True)
    program.write_text(f"#!/bin/sh\nexec cat {site.folder}/{shown}\n")
    program.chmod(0o755)
    return subprocess.run(
        ["sh", str(NGINX.parent / "maintenance.sh"), *arguments],
        env={"PATH": f"{program.parent}:{os.environ['PATH']}", "CLOSED": str(site.folder / "closed")},
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.long
def test_site_is_closed_with_an_hour_asks_no_web_and_is_opened_again(site: Site) -> None:
    for wrong in (("close",), ("close", "24:00"), ("close", "18:30; rm"), ("shut",), ()):
        assert maintenance(site, *wrong).returncode == 2, wrong
    assert site.ask("/a/")[0] == 200
    for until in ("18:30", "19:00"):
        assert maintenance(site, "close", until).returncode == 0
        status, _headers, body = site.ask("/a/")
        text = body.decode()
        assert status == 503 and text.count(until) == 2
        assert f"dibuka semula pada pukul {until}." in text and f"We expect to be back at {until}." in text
    assert "18:30" not in text
    assert maintenance(site, "open").returncode == 0
    assert site.ask("/a/")[0] == 200

    # As after an upgrade of containers, whose nginx was started with the folders of the release before.
    done = maintenance(site, "close", "18:30", shown="nginx.conf")
    assert (done.returncode, done.stdout) == (2, "")
    assert "the nginx that runs does not show it" in done.stderr

    asked = site.asked()
    assert maintenance(site, "close", "18:30").returncode == 0
    status, headers, body = site.ask("/a/")
    assert (status, headers["retry-after"], site.asked()) == (503, "300", asked)
    assert b"Jejak sedang diselenggara" in body
    # Neither in the release nor in what belongs to one is anything changed.
    assert not (NGINX / "pages" / "maintenance.on").exists()
    assert maintenance(site, "open").returncode == 0
    assert site.ask("/a/")[0] == 200
