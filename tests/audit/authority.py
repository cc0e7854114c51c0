"""An authority for timestamps of the test's own: OpenSSL behind a port of the loopback address."""

import subprocess
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

_CONFIGURATION = """
[req]
distinguished_name = name
prompt = no
[name]
CN = {name}
[root]
basicConstraints = critical,CA:true
keyUsage = critical,keyCertSign,cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid:always
[signer]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[tsa]
default_tsa = us
[us]
serial = {folder}/serial
signer_cert = {folder}/signer.pem
certs = {folder}/root.pem
signer_key = {folder}/signer.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
ess_cert_id_alg = sha256
"""


@dataclass
class Authority:
    """Keys and certificates in a folder; `broken` lets it answer with an error of HTTP, `garbage` with that."""

    folder: Path
    broken: bool = False
    garbage: bytes = b""
    address: str = field(default="", init=False)

    @property
    def root(self) -> Path:
        """The certificate that is to be trusted."""
        return self.folder / "root.pem"

    def make(self) -> None:
        """Make a root and a signer below it."""
        self.folder.mkdir(parents=True, exist_ok=True)
        (self.folder / "serial").write_text("01\n")
        for name in ("root", "signer"):
            text = _CONFIGURATION.format(name=name, folder=self.folder)
            (self.folder / f"{name}.cnf").write_text(text)
        key = ("-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-noenc", "-days", "3650")
        self._openssl("req", "-x509", *key, *self._files("root"), "-extensions", "root")
        issued = ("-CA", "root.pem", "-CAkey", "root.key", "-extensions", "signer")
        self._openssl("req", "-x509", *key, *self._files("signer"), *issued)

    def stamp(self, query: bytes) -> bytes:
        """Return the answer to a question."""
        (self.folder / "query.tsq").write_bytes(query)
        self._openssl("ts", "-reply", "-config", "root.cnf", "-queryfile", "query.tsq", "-out", "answer.tsr")
        return (self.folder / "answer.tsr").read_bytes()

    def _files(self, name: str) -> tuple[str, ...]:
        return "-config", f"{name}.cnf", "-keyout", f"{name}.key", "-out", f"{name}.pem"

    def _openssl(self, *arguments: str) -> None:
        subprocess.run(["openssl", *arguments], cwd=self.folder, check=True, capture_output=True)


def question_of(data: bytes) -> bytes:
    """Return the question for a timestamp of these bytes."""
    command = ["openssl", "ts", "-query", "-data", "/dev/stdin", "-sha256", "-cert"]
    return subprocess.run(command, input=data, check=True, capture_output=True).stdout


@contextmanager
def serving(authority: Authority) -> Iterator[Authority]:
    """Answer questions by HTTP as RFC 3161 says; the authority's `address` is where."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            assert self.headers["Content-Type"] == "application/timestamp-query"
            answer = authority.garbage or (b"" if authority.broken else authority.stamp(query))
            self.send_response(503 if authority.broken else 200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        authority.address = f"http://127.0.0.1:{server.server_port}/tsa"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield authority
        server.shutdown()
        thread.join()
