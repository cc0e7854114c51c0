"""A mail server for trials: greets, takes every mail, and keeps none."""

import socketserver

_ANSWERS = {b"EHLO": "250 trial", b"HELO": "250 trial", b"DATA": "354 go on", b"QUIT": "221 bye"}


class MailTalk(socketserver.StreamRequestHandler):
    def handle(self) -> None:
        self._say("220 trial ESMTP")
        is_text = False
        for line in self.rfile:
            if is_text:
                is_text = line != b".\r\n"
                if not is_text:
                    self._say("250 taken")
                continue
            word = line[:4].upper()
            self._say(_ANSWERS.get(word, "250 ok"))
            is_text = word == b"DATA"
            if word == b"QUIT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class MailServer(socketserver.ThreadingTCPServer):
    """Listens on port 25 of all addresses: its network is a trial's own."""

    allow_reuse_address = True
    daemon_threads = True


if __name__ == "__main__":
    MailServer(("", 25), MailTalk).serve_forever()
