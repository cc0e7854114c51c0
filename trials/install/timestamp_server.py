"""An authority for timestamps, by HTTPS: `python -m trials.install.timestamp_server FOLDER CHAIN KEY` makes its own keys there."""

from __future__ import annotations

import ssl
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

from tests.audit.authority import Authority

#: The port that IANA lists for timestamps.
PORT = 318


def serve(authority: Authority, chain: str, key: str) -> None:
    """Answer until the process is ended."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            answer = authority.stamp(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

    tls = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    tls.load_cert_chain(chain, key)
    # On all addresses: its network is a trial's own.
    with HTTPServer(("", PORT), Handler) as server:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
        server.serve_forever()


if __name__ == "__main__":
    serve(Authority(Path(sys.argv[1])), sys.argv[2], sys.argv[3])
