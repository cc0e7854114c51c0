"""Proves from an export of the log and from anchors what the log held on which day, without anything of Jejak.

    python -I anchors.py LOG ANCHOR …  [--key KEY] [--roots ROOTS.pem] [--event NUMBER]

LOG is what `manage.py export_chain` writes; an ANCHOR is a saved mail (.eml), a timestamp (.tsr), a file of lines, or a
folder of them. Needs Python 3.11 and its standard library; for timestamps also the command `openssl`, and the authority's
root certificates. KEY is the installation's public key as its operator gave it to you on the first day, or as an early mail
shows it; without it the first key that is met counts, and is printed. Ends with 1 where something does not hold.
"""

import argparse
import email
import email.policy
import hashlib
import json
import re
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

ANCHOR = re.compile(
    r"jejak-anchor-1\s+(\S+)\s+(\d{1,18})\s+([0-9a-f]{64})\s+(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ)\s+([0-9a-f]{64})\s+([0-9a-f]{128})\b"
)


# 1. The chain: line 7 of the export is event 7, and each hash covers the number, the hash before, and the line.


def heads_of(log: Path) -> list[str]:
    """Return the hash that the log had after each event; that of no event comes first."""
    heads = ["0" * 64]
    with log.open(encoding="utf-8", newline="\n") as lines:
        for position, line in enumerate(lines, start=1):
            text = line.removesuffix("\n")
            heads.append(hashlib.sha256(f"{position}\n{heads[-1]}\n{text}".encode()).hexdigest())
    return heads


# 2. Signatures: Ed25519 as RFC 8032 (section 5.1) describes it, with numbers of Python.

P = 2**255 - 19
ORDER = 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, -1, P) % P
ROOT_OF_MINUS_1 = pow(2, (P - 1) // 4, P)
BASE_Y = 4 * pow(5, -1, P) % P
Point = tuple[int, int]


def x_of(y: int, is_odd: int) -> int | None:
    """Return the x of a point on the curve, or None where there is none."""
    square = (y * y - 1) * pow(D * y * y + 1, -1, P) % P
    x = pow(square, (P + 3) // 8, P)
    if (x * x - square) % P:
        x = x * ROOT_OF_MINUS_1 % P
    if (x * x - square) % P or (x == 0 and is_odd):
        return None
    return P - x if x % 2 != is_odd else x


def plus(one: Point, other: Point) -> Point:
    """Return the sum of two points of the curve."""
    (x1, y1), (x2, y2) = one, other
    mixed = D * x1 * x2 * y1 * y2 % P
    x = (x1 * y2 + x2 * y1) * pow(1 + mixed, -1, P) % P
    y = (y1 * y2 + x1 * x2) * pow(1 - mixed, -1, P) % P
    return x, y


def times(factor: int, point: Point) -> Point:
    """Return a point added to itself so many times."""
    result = (0, 1)
    while factor:
        if factor & 1:
            result = plus(result, point)
        point, factor = plus(point, point), factor >> 1
    return result


def point_of(encoded: bytes) -> Point | None:
    """Return the point that 32 bytes stand for, or None."""
    number = int.from_bytes(encoded, "little")
    y, is_odd = number % 2**255, number >> 255
    x = x_of(y, is_odd) if y < P else None
    return None if x is None else (x, y)


def is_signed(key: bytes, message: bytes, signature: bytes) -> bool:
    """Return whether the signature of a message is that of the holder of this public key."""
    owner, first, second = point_of(key), point_of(signature[:32]), int.from_bytes(signature[32:], "little")
    base_x = x_of(BASE_Y, 0)
    if owner is None or first is None or base_x is None or second >= ORDER:
        return False
    digest = hashlib.sha512(signature[:32] + key + message).digest()
    challenge = int.from_bytes(digest, "little") % ORDER
    return times(second, (base_x, BASE_Y)) == plus(first, times(challenge, owner))


# 3. Timestamps: RFC 3161, judged by OpenSSL. What was stamped is POSITION:HASH.


def openssl(*arguments: str, given: bytes) -> str | None:
    """Return what `openssl ts` prints, or None where it refuses."""
    done = subprocess.run(["openssl", "ts", *arguments], input=given, capture_output=True, check=False)
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else None


def timestamp_of(token: bytes, roots: str) -> tuple[str, str] | None:
    """Return when an authority stamped what (a SHA-256), or None where no root vouches for it."""
    text = openssl("-reply", "-in", "/dev/stdin", "-text", given=token) or ""
    # Before this heading stand words that nobody signed, and that may look like what follows it.
    text = text.rpartition("\nTST info:\n")[2]
    when = re.search(r"^Time stamp: (\w+ +\d+ [\d:]+)(?:\.\d+)? (\d+) GMT$", text, re.MULTILINE)
    rows = re.findall(r"^    [0-9a-f]{4} - ((?:[0-9a-f]{2}[ -]){16})", text, re.MULTILINE)
    imprint = re.sub("[^0-9a-f]", "", "".join(rows))
    if when is None or len(imprint) != 64:
        return None
    at = datetime.strptime(f"{when[1]} {when[2]}", "%b %d %H:%M:%S %Y").replace(tzinfo=UTC)
    # The certificates must have been in force then; they may have ended since.
    then = ("-attime", str(int(at.timestamp())))
    judged = openssl("-verify", "-digest", imprint, "-in", "/dev/stdin", "-CAfile", roots, *then, given=token)
    return None if judged is None else (at.strftime("%Y-%m-%dT%H:%M:%SZ"), imprint)


# 4. What was kept, and what it says of the log.


def files_in(paths: list[Path]) -> Iterator[Path]:
    """Yield files; of a folder, all in it and below."""
    for path in paths:
        yield from sorted(each for each in path.rglob("*") if each.is_file()) if path.is_dir() else [path]


def text_in(path: Path, content: bytes) -> str:
    """Return the words of a file; of a mail, those of its texts."""
    if path.suffix.lower() != ".eml":
        return content.decode("utf-8", "replace")
    message = email.message_from_bytes(content, policy=email.policy.default)
    texts = (part for part in message.walk() if part.get_content_maintype() == "text")
    return "\n".join(part.get_payload(decode=True).decode("utf-8", "replace") for part in texts)


class Proof:
    """What was found so far: which position was proved by when, and whether anything does not hold."""

    def __init__(self, heads: list[str], keys: list[str], roots: str) -> None:
        self.heads, self.keys, self.roots = heads, keys, roots
        self.proved: list[tuple[int, str, str]] = []
        self.is_good = True

    def refuse(self, source: str, why: str) -> None:
        """Say what does not hold."""
        self.is_good = False
        print(f"NO    {source}: {why}")

    def prove(self, source: str, position: int, when: str) -> None:
        """Say what holds."""
        self.proved.append((position, when, source))
        print(f"yes   {source}: the first {position} events stood in the log on {when}")

    def take_line(self, source: str, found: re.Match[str]) -> None:
        """Judge one signed line."""
        installation, position, head, when, key, signature = found.groups()
        said = f"jejak-anchor-1 {installation} {position} {head} {when}"
        if not is_signed(bytes.fromhex(key), said.encode(), bytes.fromhex(signature)):
            self.refuse(source, "the signature does not match the words")
            return
        if not self.keys:
            self.keys.append(key)
            print(f"      the public key that is believed from here on: {key}")
        if key not in self.keys:
            self.refuse(source, f"signed with another key: {key}")
        elif int(position) >= len(self.heads):
            self.refuse(source, f"on {when} the log had {position} events: the end of this export is cut off")
        elif self.heads[int(position)] != head:
            self.refuse(source, f"on {when} the first {position} events were others than in this export")
        else:
            self.prove(source, int(position), when)

    def take_token(self, source: str, token: bytes) -> None:
        """Judge one timestamp."""
        if not self.roots:
            self.refuse(source, "a timestamp needs --roots")
            return
        timestamp = timestamp_of(token, self.roots)
        if timestamp is None:
            self.refuse(source, "OpenSSL finds no timestamp that these roots vouch for")
            return
        when, imprint = timestamp
        for position, head in enumerate(self.heads):
            if hashlib.sha256(f"{position}:{head}".encode()).hexdigest() == imprint:
                self.prove(source, position, when)
                return
        self.refuse(source, f"on {when} the log was another than this export, or longer")


def event_at(log: Path, number: str) -> tuple[int, str] | None:
    """Return position and line of the event of this number, or None."""
    with log.open(encoding="utf-8", newline="\n") as lines:
        for position, line in enumerate(lines, start=1):
            if json.loads(line)[0] == number:
                return position, line.removesuffix("\n")
    return None


def tell_of_event(proof: Proof, log: Path, number: str) -> None:
    """Say since when it is proved that an event stood in the log as it stands now."""
    found = event_at(log, number)
    if found is None:
        proof.refuse(f"event {number}", "it is not in this export")
        return
    position, line = found
    print(f"\n{line}")
    later = [(when, source) for reached, when, source in sorted(proof.proved) if reached >= position]
    if later:
        print(f"This stood in the log, word for word, on {later[0][0]}: {later[0][1]} covers it.")
    else:
        proof.refuse(f"event {number}", "no anchor covers it")


def main() -> int:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("log", type=Path)
    parser.add_argument("anchors", type=Path, nargs="+")
    parser.add_argument("--key", action="append", default=[])
    parser.add_argument("--roots", default="")
    parser.add_argument("--event", default="")
    asked = parser.parse_args()
    heads = heads_of(asked.log)
    print(f"      {len(heads) - 1} events in this export, the last hash is {heads[-1]}")
    proof = Proof(heads, asked.key, asked.roots)
    for path in files_in(asked.anchors):
        content = path.read_bytes()
        if content.startswith(b"\x30"):
            proof.take_token(str(path), content)
            continue
        lines = list(ANCHOR.finditer(text_in(path, content)))
        if not lines:
            proof.refuse(str(path), "holds no anchor")
        for found in lines:
            proof.take_line(str(path), found)
    if asked.event:
        tell_of_event(proof, asked.log, asked.event)
    return 0 if proof.is_good and proof.proved else 1


if __name__ == "__main__":
    sys.exit(main())
