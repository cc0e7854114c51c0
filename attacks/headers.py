"""Attacks on the edge: headers, methods, the boundaries of requests, and TLS."""

from __future__ import annotations

import re
import socket
import ssl

from attacks.attack import Ground, Succeeded, attack
from attacks.site import HOST

GROUP = "headers"
_WANTED = {
    "strict-transport-security": r"max-age=(31536000|63072000); includeSubDomains",
    "x-content-type-options": r"nosniff",
    "referrer-policy": r"same-origin|strict-origin|no-referrer",
    "content-security-policy": r".*default-src 'none'.*",
    "x-frame-options": r"DENY|SAMEORIGIN",
    "cross-origin-opener-policy": r"same-origin",
    "cross-origin-resource-policy": r"same-origin",
}


@attack(GROUP, "A page or a file comes without its protecting headers")
def missing_headers(ground: Ground) -> str:
    static = re.findall(r'(?:href|src)="(/static/[^"]+)"', ground.stranger().get("/sign-in/").text)
    paths = [
        "/sign-in/",
        "/my-work/",
        "/no-such/",
        "/evidence/",
        "/search/?q=a",
        "/reminders/",
        "/summaries/schema.json",
    ]
    for path in paths:
        answer = ground.attacker.get(path)
        for name, pattern in _WANTED.items():
            if not re.fullmatch(pattern, answer.headers.get(name, "")):
                raise Succeeded(f"{path}: {name} is {answer.headers.get(name)!r}")
    for path in static:
        answer = ground.stranger().get(path)
        for name in ("x-content-type-options", "cross-origin-resource-policy"):
            if name not in answer.headers:
                raise Succeeded(f"{path}: no {name}")
    return f"{len(paths)} pages with {len(_WANTED)} headers each, {len(static)} static files"


#: Which of its sendings were done, by random names: a page's script reads it (keep.js), and nothing is opened by it.
_FOR_SCRIPTS = {"__Host-arrived"}


@attack(GROUP, "Cookies can be read by scripts, sent without TLS, or set by another host")
def cookies(ground: Ground) -> str:
    browser = ground.stranger()
    person = ground.person("pegawai.kkd.1")
    answers = [
        browser.get("/sign-in/"),
        browser.post("/language/", {"language": "en"}),
        browser.try_sign_in(person.email, person.password),
    ]
    contact = browser.get("/account/").form("/account/contact/")
    answers.append(browser.submit(contact, {"sending": "a" * 32}))
    answers.append(browser.post("/sign-out/"))
    lines = [line for answer in answers for line in answer.cookies]
    names = {line.partition("=")[0] for line in lines}
    if missing := {"sessionid", "csrftoken", "messages", "language"} - {
        name.removeprefix("__Host-") for name in names
    }:
        raise RuntimeError(f"{missing} were not set")
    for line in lines:
        name = line.partition("=")[0]
        for word in ("Secure", "HttpOnly", "SameSite", "Path=/"):
            is_let_off = word == "HttpOnly" and name in _FOR_SCRIPTS
            if word.lower() not in line.lower() and "Max-Age=0" not in line and not is_let_off:
                raise Succeeded(f"{name} without {word}")
        if not name.startswith("__Host-"):
            raise Succeeded(f"{name} has no prefix __Host-")
    return f"{len(names)} cookies set {len(lines)} times: Secure, HttpOnly (but {', '.join(_FOR_SCRIPTS)}), SameSite, __Host-"


def _raw(port: int, request: bytes, *, tls: ssl.SSLContext | None) -> bytes:
    """Send bytes as they are, and return what comes back within three seconds."""
    with socket.create_connection(("127.0.0.1", port), timeout=3) as plain:
        sent = tls.wrap_socket(plain, server_hostname=HOST) if tls else plain
        sent.settimeout(3)
        read = b""
        try:
            sent.sendall(request)
            while piece := sent.recv(65536):
                read += piece
        except OSError:
            pass
        return read


_SMUGGLED = b"GET /smuggled-%d/ HTTP/1.1\r\nHost: jejak.test\r\n\r\n"


@attack(GROUP, "A request is hidden inside another (two lengths, odd chunks, odd spaces)")
def smuggling(ground: Ground) -> str:
    tried = 0
    host = f"Host: {HOST}:{ground.site.tls_port}\r\n".encode()
    for port, tls in ((ground.site.tls_port, ground.site.tls()), (ground.site.port, None)):
        for number, head in enumerate((
            b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n", b"Transfer-Encoding: chunked\r\nContent-Length: 4\r\n", b"Transfer-Encoding: xchunked\r\n",
            b"Transfer-Encoding : chunked\r\n", b"Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n", b"Content-Length: 0\r\nContent-Length: 60\r\n",
            b"Content-Length: +60\r\n", b"Content-Length: 6 0\r\n", b"Transfer-Encoding:\x0bchunked\r\n", b" Transfer-Encoding: chunked\r\n",
        )):  # fmt: skip
            body = b"0\r\n\r\n" + _SMUGGLED % number
            answer = _raw(port, b"POST /sign-in/ HTTP/1.1\r\n" + host + head + b"\r\n" + body, tls=tls)
            tried += 1
            if f"smuggled-{number}" in ground.site.logs() and answer.count(b"HTTP/1.1 ") > 1:
                raise Succeeded(f"{head!r} on port {port}")
    return f"{tried} requests on both ports, none hid another"


@attack(GROUP, "Old versions of TLS are spoken")
def old_tls(ground: Ground) -> str:
    for version in (ssl.TLSVersion.TLSv1, ssl.TLSVersion.TLSv1_1):
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        context.minimum_version = context.maximum_version = version
        context.set_ciphers("ALL:@SECLEVEL=0")
        try:
            with (
                socket.create_connection(("127.0.0.1", ground.site.tls_port), timeout=5) as plain,
                context.wrap_socket(plain),
            ):
                raise Succeeded(version.name)
        except OSError:
            continue
    return "TLS 1.0 and 1.1 are refused"


@attack(GROUP, "Files of the project, settings and folders are fetched")
def project_files(ground: Ground) -> str:
    paths = ("/.git/config", "/.env", "/web.env", "/owner.env", "/manage.py", "/static/", "/static/../manage.py", "/static/..%2f..%2fmanage.py", "/static/%2e%2e/manage.py",
             "/media/", "/static//etc/passwd", "/admin/", "/server-status", "/debug/", "/metrics", "/__debug__/", "/.well-known/", "/backup.sql", "/docs/")  # fmt: skip
    for path in paths:
        answer = ground.stranger().get(path)
        if answer.status == 200:
            raise Succeeded(path)
    return f"{len(paths)} addresses, none serves a file"


@attack(GROUP, "Headers are long, many or broken")
def odd_headers(ground: Ground) -> str:
    host = f"Host: {HOST}:{ground.site.tls_port}\r\n".encode()
    for head in (
        b"X: " + b"a" * 200_000 + b"\r\n",
        b"".join(b"X%d: y\r\n" % number for number in range(5_000)),
        b"Cookie: " + b"a=b; " * 20_000 + b"\r\n",
        b"X: \x00\r\n",
        b"Host: evil.example\r\n",
    ):
        answer = _raw(
            ground.site.port,
            b"GET /sign-in/ HTTP/1.1\r\n" + host + head + b"Connection: close\r\n\r\n",
            tls=None,
        )
        if b" 500 " in answer[:20]:
            raise Succeeded(repr(head[:30]))
    if ground.stranger().get("/sign-in/").status != 200:
        raise Succeeded("the site no longer answers")
    return "5 heads refused or ignored, the site goes on"
