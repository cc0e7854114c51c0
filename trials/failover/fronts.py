"""Two machines with nginx, and the address that people use: it is with one of them, and moves when that one falls (VRRP)."""

from __future__ import annotations

import re
import shutil
from collections.abc import Sequence
from pathlib import Path

from attacks.site import Site
from tracker.house.programs import PROGRAMS
from trials.failover.hosts import NamespaceHost
from trials.front import Front
from trials.releases import TrialFailed, kept_environment
from trials.running import Service, listens, wait_until

ADDRESS = "10.231.0.100"
#: How the kernel of a machine with nginx finds out, within some seconds, that a web host has lost its power (docs/scale.md).
KERNEL = {
    "net.ipv4.tcp_retries2": "5",
    "net.ipv4.tcp_keepalive_time": "5",
    "net.ipv4.tcp_keepalive_intvl": "2",
    "net.ipv4.tcp_keepalive_probes": "3",
}
_KEEPALIVED = """\
global_defs {{
  router_id {name}
  script_user root
  enable_script_security
}}
vrrp_script nginx {{
  script "/usr/bin/pgrep --exact nginx"
  interval 2
  fall 2
  rise 1
}}
vrrp_instance jejak {{
  state BACKUP
  nopreempt
  interface eth0
  virtual_router_id 51
  priority {priority}
  advert_int 1
  virtual_ipaddress {{
    {address}/24
  }}
  track_script {{
    nginx
  }}
}}
"""


class MovingSite(Site):
    """The site at the address that moves."""

    @property
    def address(self) -> str:
        """Where people connect to."""
        return ADDRESS


class FrontPair:
    """Both machines, and the `address` that one of them has."""

    address = ADDRESS

    def __init__(
        self, folder: Path, hosts: Sequence[NamespaceHost], *, tls_port: int, http_port: int
    ) -> None:
        if PROGRAMS["keepalived"].find() is None:
            raise TrialFailed("There is no keepalived on this machine.")
        self.folder, self.hosts, self.tls_port, self.http_port = folder, hosts, tls_port, http_port

    def start(self, webs: Sequence[str]) -> None:
        """Start both before these webs, and wait until one of them has the address."""
        for each in self.hosts:
            for name in ("cert.pem", "key.pem"):
                shutil.copy(self.folder / name, each.folder)
            shutil.copytree(self.folder / "pages", each.folder / "pages")
            each.start()
            self.start_on(each, webs)
        wait_until(lambda: listens(ADDRESS, self.tls_port), "nginx at the address that moves", within=30)

    def start_on(self, host: NamespaceHost, webs: Sequence[str]) -> None:
        """Start nginx and keepalived on one of them."""
        for name, value in KERNEL.items():
            host.run("sh", "-c", f"echo {value} > /proc/sys/{name.replace('.', '/')}")
        front = Front(host.folder, tls_port=self.tls_port, http_port=self.http_port, host="0.0.0.0")  # noqa: S104 - in a namespace
        nginx = front.service(webs)
        nginx.command = host.command(nginx.command)
        nginx.start()
        wait_until(
            lambda: listens(host.address, self.tls_port), nginx.title, within=20, meanwhile=nginx.demand
        )
        told = host.folder / "keepalived.conf"
        text = _KEEPALIVED.format(name=f"front{host.number}", priority=200 - host.number, address=ADDRESS)
        told.write_text(text, encoding="utf-8")
        # It runs nobody's scripts, and takes a file that others may write for none.
        told.chmod(0o600)
        command = host.command(
            [_program(), "--dont-fork", "--log-console", "--vrrp", "--use-file", str(told)]
        )
        Service(
            "keepalived", command, kept_environment(), host.folder, host.folder / "keepalived.log"
        ).start()

    def holder(self) -> NamespaceHost:
        """Return the machine that has the address. Raises TrialFailed where none has, or both have."""
        found = [
            each
            for each in self.hosts
            if each.is_up
            and re.search(rf"\b{re.escape(ADDRESS)}/", each.run("ip", "address", "show", "eth0"))
        ]
        if len(found) != 1:
            raise TrialFailed(f"{len(found)} machines have the address {ADDRESS}")
        return found[0]


def _program() -> str:
    program = PROGRAMS["keepalived"].find()
    assert program is not None
    return program
