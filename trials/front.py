"""nginx as an installation has it, made of the product's own template, on free ports."""

from __future__ import annotations

import os
import re
import signal
import subprocess
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from attacks.site import HOST
from tracker.house.programs import PROGRAMS
from trials.releases import BASE, TrialFailed, kept_environment
from trials.running import Service

_MAIN = """
daemon off; user root; worker_processes 2; pid {folder}/nginx.pid; error_log {folder}/nginx.log warn;
events {{ worker_connections 1024; }}
http {{
  client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/a;
  uwsgi_temp_path {folder}/b; scgi_temp_path {folder}/c;
  include {folder}/site.conf;
}}
"""


@dataclass(frozen=True)
class Front:
    """nginx before some webs. Its folder holds the certificate, and the pages that it shows by itself."""

    folder: Path
    tls_port: int
    http_port: int
    host: str = "127.0.0.1"
    #: Changes what render.sh made, for attacks on an nginx that lacks something.
    change: Callable[[str], str] = str

    def service(self, webs: Sequence[str]) -> Service:
        """Write its configuration for these webs and return it, not started. Raises TrialFailed."""
        program = PROGRAMS["nginx"].find()
        if program is None:
            raise TrialFailed("There is no nginx on this machine.")
        (self.folder / "nginx.conf").write_text(_MAIN.format(folder=self.folder), encoding="utf-8")
        self._write_site(webs)
        command = [program, "-c", f"{self.folder}/nginx.conf", "-p", str(self.folder)]
        command += ["-e", f"{self.folder}/nginx.log"]
        return Service("nginx", command, kept_environment(), self.folder, self.folder / "nginx.out")

    def send_to(self, webs: Sequence[str]) -> None:
        """Send people to these webs from now on; requests that are under way end where they are. Raises TrialFailed."""
        self._write_site(webs)
        os.kill(int((self.folder / "nginx.pid").read_text(encoding="ascii")), signal.SIGHUP)

    def _write_site(self, webs: Sequence[str]) -> None:
        rendered = subprocess.run(
            ["sh", str(BASE / "deploy/nginx/render.sh")],
            env=kept_environment() | self._settings(webs),
            capture_output=True,
            text=True,
            check=False,
        )
        if rendered.returncode:
            raise TrialFailed(f"deploy/nginx/render.sh: {rendered.stderr.strip()}")
        site = re.sub(r"(?m)^.*listen \[::\].*$\n", "", rendered.stdout)
        site = site.replace("listen 80;", f"listen {self.host}:{self.http_port};")
        site = site.replace("listen 443", f"listen {self.host}:{self.tls_port}")
        (self.folder / "site.conf").write_text(self.change(site), encoding="utf-8")

    def _settings(self, webs: Sequence[str]) -> dict[str, str]:
        return {
            "ALLOWED_HOSTS": f"{HOST},127.0.0.1",
            "SITE_URL": f"https://{HOST}:{self.tls_port}",
            "WEB_SERVERS": " ".join(webs),
            "CERTIFICATE": f"{self.folder}/cert.pem",
            "CERTIFICATE_KEY": f"{self.folder}/key.pem",
            "PAGES": f"{self.folder}/pages",
            "ACCESS_LOG": f"{self.folder}/access.log",
            "ERROR_LOG": f"{self.folder}/error.log",
        }
