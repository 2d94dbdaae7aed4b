"""HTTPS in front of a server, as an organisation has it: Caddy with an authority of its own. Where
Debian's package cannot be had, a small proxy of the tests."""

from __future__ import annotations

import contextlib
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from server.tls_front import behind_tls
from unit.adapters.network.way_kit import made

_READY_S = 30.0


@dataclass(frozen=True)
class Front:
    """`address`: as the guest reaches it. `authority`: its certificate, PEM. `name`: what it is."""

    address: str
    authority: Path
    name: str


@contextlib.contextmanager
def https(inner_port: int, host: str, folder: Path) -> Iterator[Front]:
    """`host`: the guest's name of this machine, an IP address."""
    folder.mkdir(parents=True, exist_ok=True)
    program = _caddy(folder)
    if program is None:
        certificate = made(folder, host)
        with behind_tls(inner_port, certificate) as port:
            yield Front(f"https://{host}:{port}", certificate, "python")
        return
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    config = folder / "Caddyfile"
    config.write_text(_CADDYFILE.format(folder=folder, host=host, port=port, inner=inner_port))
    authority = folder / "store/pki/authorities/local/root.crt"
    argv = [str(program), "run", "--config", str(config), "--adapter", "caddyfile"]
    with (folder / "caddy.log").open("ab") as log:
        process = subprocess.Popen(argv, stdout=log, stderr=log)
        try:
            _wait(process, port, authority)
            yield Front(f"https://{host}:{port}", authority, "caddy")
        finally:
            process.terminate()
            process.wait(20)


# A client that asks for an IP address sends no server name: default_sni says whose certificate.
_CADDYFILE = """{{
    admin off
    auto_https disable_redirects
    skip_install_trust
    storage file_system {folder}/store
    default_sni {host}
}}
https://{host}:{port} {{
    bind 127.0.0.1
    tls internal
    reverse_proxy 127.0.0.1:{inner}
}}
"""


def _wait(process: subprocess.Popen[bytes], port: int, authority: Path) -> None:
    end = time.monotonic() + _READY_S
    while time.monotonic() < end and process.poll() is None:
        if authority.exists():
            with (
                contextlib.suppress(OSError),
                socket.create_connection(("127.0.0.1", port), timeout=1),
            ):
                return
        time.sleep(0.2)
    raise AssertionError("Caddy does not listen: see caddy.log")


def _caddy(folder: Path) -> Path | None:
    """That of this machine, or Debian's package unpacked here: installed, it would listen on this
    machine's own port 80."""
    found = shutil.which("caddy")
    if found is not None:
        return Path(found)
    apt = shutil.which("apt-get")
    if apt is None:
        return None
    done = subprocess.run([apt, "download", "caddy"], cwd=folder, capture_output=True, check=False)
    packages = sorted(folder.glob("caddy_*.deb"))
    if done.returncode != 0 or not packages:
        return None
    subprocess.run(["dpkg", "-x", str(packages[-1]), str(folder / "package")], check=True)
    return folder / "package/usr/bin/caddy"
