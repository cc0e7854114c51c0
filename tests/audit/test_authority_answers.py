"""An authority may answer in pieces, as HTTP lets it; but not without end."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from audit.anchors.failures import AnchorFailed, AnchorFailure
from audit.anchors.timestamps import ask_for_timestamp, imprint_of, read_timestamp
from audit.verification import ChainHead
from tests.audit.authority import Authority

HEAD = ChainHead(5, "a" * 64)


@contextmanager
def _in_pieces(authority: Authority, *, repeated: int = 1) -> Iterator[str]:
    """Answer by chunks of a few hundred bytes; `repeated` times what was to be said."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            query = self.rfile.read(int(self.headers["Content-Length"]))
            answer = authority.stamp(query) * repeated
            self.send_response(200)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for begin in range(0, len(answer), 300):
                piece = answer[begin : begin + 300]
                self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_words: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{server.server_port}/tsa"
        server.shutdown()
        thread.join()


def test_answer_in_pieces_is_whole_and_has_an_end(tmp_path: Path) -> None:
    authority = Authority(tmp_path)
    authority.make()
    roots = str(authority.root)
    with _in_pieces(authority) as address:
        answer = ask_for_timestamp(HEAD, authority=address, roots=roots)
    assert read_timestamp(answer, roots=roots).imprint == imprint_of(HEAD)
    with _in_pieces(authority, repeated=500) as address, pytest.raises(AnchorFailed) as failed:
        ask_for_timestamp(HEAD, authority=address, roots=roots)
    assert failed.value.failure == AnchorFailure.AUTHORITY_REFUSED
