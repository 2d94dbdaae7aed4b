"""dnsmasq and the HTTP server side by side, from the first answer to a clean end."""

from __future__ import annotations

import shutil
import socket
import subprocess
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from reprise.adapters.netboot.folder import PROGRAMS, NetbootFolder
from reprise.adapters.netboot.server import Served, Watcher, http_serving
from reprise.adapters.netboot.settings import NetbootSettings
from reprise.adapters.pc.command import start_program
from reprise.errors import InputError, ToolError
from reprise.i18n import _
from reprise.system_words import os_reason
from reprise.tools.dnsmasq import NetbootNetwork, argv_dnsmasq, dnsmasq_config

_GRACE_S = 5.0
_SETTLE_S = 1.0  # dnsmasq ends by then where it cannot listen
_KEPT_LINES = 5
_UDP_PORTS = (67, 69, 4011)  # DHCP, TFTP, PXE's own service


class NetbootServing:
    """`network` has the port in use. Call `check` now and then."""

    def __init__(self, network: NetbootNetwork, dnsmasq: Dnsmasq) -> None:
        self.network, self._dnsmasq = network, dnsmasq

    def check(self) -> None:
        """Raises ToolError where dnsmasq ended: no PC would get an answer any more."""
        self._dnsmasq.check()


@contextmanager
def serving(
    network: NetbootNetwork, folder: NetbootFolder, settings: NetbootSettings, watcher: Watcher
) -> Iterator[NetbootServing]:
    """Serves until the block ends. Raises InputError where a port is in use, ToolError where
    dnsmasq is missing or does not run."""
    check_free(network.interface)
    files: Served = {**folder.files, **settings.served()}
    with (
        tempfile.TemporaryDirectory(prefix="reprise-netboot-") as name,
        http_serving(str(network.address.ip), network.port, files, watcher) as port,
    ):
        ours = replace(network, port=port)
        scratch = Path(name)
        scratch.chmod(0o755)  # dnsmasq gives up being root
        _fill_tftp(scratch / "tftp", folder, ours)
        config = scratch / "dnsmasq.conf"
        config.write_text(dnsmasq_config(ours, f"{name}/tftp", f"{name}/leases"), "utf-8")
        with Dnsmasq(config) as dnsmasq:
            yield NetbootServing(ours, dnsmasq)


def check_free(interface: str) -> None:
    """Raises InputError where a program answers there already. dnsmasq would not notice another
    dnsmasq: both may share the ports, and PCs would get the answers of either."""
    for port in _UDP_PORTS:
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC) as plug:
            plug.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, interface.encode() + b"\0")
            try:
                plug.bind(("", port))
            except OSError as error:
                raise InputError(
                    _("UDP port {port} on {interface} is in use: {reason}.").format(
                        port=port, interface=interface, reason=os_reason(error)
                    ),
                    _("Stop what else answers DHCP or TFTP on this machine, then start again."),
                ) from error


def _fill_tftp(root: Path, folder: NetbootFolder, network: NetbootNetwork) -> None:
    (root / "grub").mkdir(parents=True)
    for program in PROGRAMS:
        shutil.copyfile(folder.files[program], root / Path(program).name)
    # GRUB knows the server that it came from, but not on which port the rest is.
    start = f"set reprise_server={network.address.ip}:{network.port}\n"
    start += "source (http,$reprise_server)/grub.cfg\n"
    (root / "grub" / "grub.cfg").write_text(start, "ascii")


class Dnsmasq:
    """dnsmasq as a child, for one block."""

    def __init__(self, config: Path) -> None:
        self._config = config
        self._said: deque[str] = deque(maxlen=_KEPT_LINES)

    def __enter__(self) -> Dnsmasq:
        self._process = start_program(argv_dnsmasq(str(self._config)))
        self._reader = threading.Thread(target=self._listen)
        self._reader.start()
        try:
            end = time.monotonic() + _SETTLE_S
            while time.monotonic() < end:
                self.check()
                time.sleep(0.05)
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_exc: object) -> None:
        self._process.terminate()
        try:
            self._process.wait(_GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._reader.join()
        if self._process.stdout is not None:
            self._process.stdout.close()

    def check(self) -> None:
        if self._process.poll() is None:
            return
        self._reader.join()
        raise ToolError(
            _("dnsmasq ended: {words}.").format(
                words="; ".join(self._said) or self._process.returncode
            ),
            _("Stop what else answers DHCP or TFTP on this machine, then start again."),
        )

    def _listen(self) -> None:
        if self._process.stderr is None:
            return
        with self._process.stderr as stream:
            for line in stream:
                text = line.decode("utf-8", "replace").strip()
                if text:
                    self._said.append(text)
