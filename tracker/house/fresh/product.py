"""`make run` as a newcomer meets it: it comes up, says where it is, lets people sign in, and stops."""

from __future__ import annotations

import re
import subprocess
import threading
import time
from http.cookiejar import CookieJar
from io import TextIOWrapper
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import HTTPCookieProcessor, ProxyHandler, build_opener

from tracker.house.fresh.debian import SHORT_SECONDS, BareDebian, Failed, end

#: Installing the packages takes a minute or two, the demonstration half a minute.
START_SECONDS = 20 * 60
LAST_LINE = "Ctrl-C stops everything."
_ADDRESS = re.compile(r"Jejak is ready after [\d.]+ s: +(http://\S+)")
_SIGN_IN = re.compile(r"^  .*\s(\S+@\S+)\s+(\S+)$", re.MULTILINE)
_TOKEN = re.compile(r'name="csrfmiddlewaretoken" value="(\w+)"')
#: Stands on every page of a person who signed in, and on no other.
_SIGN_OUT = "data-signout"
_GROUP = "/run/product-group"


class Product:
    """`make run` in a folder of a bare Debian, in a process group of its own, as in a terminal of its own."""

    def __init__(self, debian: BareDebian, folder: Path) -> None:
        self._debian = debian
        self._folder = folder
        self.said = ""
        starter = ["setsid", "sh", "-c", f"echo $$ > {_GROUP}; exec make run"]
        self._process = subprocess.Popen(
            debian.inside(starter, folder=folder),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        threading.Thread(target=self._listen, daemon=True).start()

    def _listen(self) -> None:
        """Keep and show what the product prints."""
        assert self._process.stdout is not None
        said = TextIOWrapper(self._process.stdout, encoding="utf-8", errors="replace")
        while text := said.read(1):
            print(text, end="", flush=True)
            self.said += text

    def wait_until_ready(self) -> None:
        """Return when it has said all that it says at the start. Raises Failed."""
        limit = time.monotonic() + START_SECONDS
        while LAST_LINE not in self.said:
            if self._process.poll() is not None:
                raise Failed(f"`make run` ended with {self._process.returncode} before it was ready")
            if time.monotonic() > limit:
                raise Failed(f"`make run` was not ready after {START_SECONDS} s")
            time.sleep(0.2)

    def sign_in(self) -> str:
        """Sign in with the first of the printed sign-ins and return its e-mail address. Raises Failed."""
        address, email, password = address_of(self.said), *first_sign_in(self.said)
        browser = build_opener(ProxyHandler({}), HTTPCookieProcessor(CookieJar()))
        with browser.open(address, timeout=SHORT_SECONDS) as page:
            where, text = page.url, page.read().decode()
        token = _TOKEN.search(text)
        if token is None:
            raise Failed(f"{where} has no form to sign in with")
        form = {"csrfmiddlewaretoken": token[1], "login": email, "password": password}
        with browser.open(where, urlencode(form).encode(), timeout=SHORT_SECONDS) as page:
            if _SIGN_OUT not in page.read().decode():
                raise Failed(f"{email} could not sign in at {where} with the password that was printed")
        return email

    def press_ctrl_c(self) -> None:
        """Interrupt its group, as a terminal does, and wait for its end. Raises Failed."""
        self._debian.perform(["sh", "-c", f"kill -s INT -- -$(cat {_GROUP})"])
        # make passes the signal on by dying of it.
        self._expect_end("Ctrl-C", {-2, 130})

    def make_stop(self) -> None:
        """Run `make stop`, as from another terminal, and wait for the product's end. Raises Failed."""
        self._debian.perform(["make", "stop"], folder=self._folder)
        self._expect_end("`make stop`", {0})

    def _expect_end(self, how: str, codes: set[int]) -> None:
        try:
            code = self._process.wait(SHORT_SECONDS)
        except subprocess.TimeoutExpired:
            raise Failed(f"`make run` still runs {SHORT_SECONDS} s after {how}") from None
        if code not in codes:
            raise Failed(f"`make run` ended with {code} after {how}")

    def end(self) -> None:
        """End it when it still runs."""
        end(self._process)


def address_of(said: str) -> str:
    """Return the address that `make run` printed. Raises Failed."""
    found = _ADDRESS.search(said)
    if found is None:
        raise Failed("`make run` printed no address")
    return found[1]


def first_sign_in(said: str) -> tuple[str, str]:
    """Return the first e-mail address and password that `make run` printed. Raises Failed."""
    found = _SIGN_IN.search(said)
    if found is None:
        raise Failed("`make run` printed no sign-in")
    return found[1], found[2]
