"""An emulated NVMe drive that the kernel has connected to, as /dev/nvmeX and /dev/nvmeXnY."""

from __future__ import annotations

import contextlib
import time
import uuid
from collections.abc import Callable, Iterator
from pathlib import Path

from lab.media import Media
from lab.nvme.config import NvmeConfig
from lab.nvme.subsystem import Command, Subsystem
from lab.nvme.tcp import Server

FABRICS = Path("/dev/nvme-fabrics")
CLASS = Path("/sys/class/nvme")
_APPEARS_S = 60.0  # an emulated machine is slow
_POLL_S = 0.05


def _wait(done: Callable[[], bool], what: str, timeout_s: float = _APPEARS_S) -> None:
    end = time.monotonic() + timeout_s
    while not done():
        if time.monotonic() > end:
            raise TimeoutError(what)
        time.sleep(_POLL_S)


def _connect(config: NvmeConfig, port: int) -> str:
    """The name of the new controller, "nvme0". Reconnects once a second for ten minutes."""
    host = str(uuid.uuid4())
    words = {
        "transport": "tcp", "traddr": "127.0.0.1", "trsvcid": port, "nqn": config.subnqn,
        "hostnqn": f"nqn.2014-08.org.nvmexpress:uuid:{host}", "hostid": host, "nr_io_queues": 1,
        "reconnect_delay": 1, "ctrl_loss_tmo": 600, "keep_alive_tmo": 10,
    }  # fmt: skip
    with FABRICS.open("r+b", buffering=0) as fabrics:
        fabrics.write(",".join(f"{key}={value}" for key, value in words.items()).encode())
        said = fabrics.read(4096).decode()
    return f"nvme{said.partition('instance=')[2].partition(',')[0]}"


class NvmeDrive:
    """`subsystem` is the model (state, `refuse`, `hang`); the rest is how the host sees it."""

    def __init__(self, config: NvmeConfig) -> None:
        self.config = config
        self.subsystem = Subsystem(config)
        self.server = Server(self.subsystem)
        self.name = ""

    def connect(self) -> None:
        """Until a node is there for every attached namespace."""
        self.name = _connect(self.config, self.server.port)
        seen = (CLASS / self.name / "serial").read_text().strip()
        if seen != self.config.serial:
            raise RuntimeError(f"{self.name} has the serial number {seen!r}, not ours")
        self.wait_live()
        wanted = [nsid for nsid in self.subsystem.namespaces if self.subsystem.attached(nsid)]
        _wait(lambda: all(self._node(nsid) for nsid in wanted), "no node for a namespace")

    def disconnect(self) -> None:
        if self.name and (CLASS / self.name).exists():
            (CLASS / self.name / "delete_controller").write_text("1")
        self.server.close()

    @property
    def controller(self) -> Path:
        return Path("/dev") / self.name

    @property
    def node(self) -> Path:
        """The node of the attached namespace with the lowest NSID."""
        return self.node_of(min(n for n in self.subsystem.namespaces if self.subsystem.attached(n)))

    def _node(self, nsid: int) -> Path | None:
        """By what the kernel says: the number in the name need not be the NSID."""
        for block in (CLASS / self.name).glob("nvme*n*"):
            with contextlib.suppress(FileNotFoundError):  # it goes while we look
                node = Path("/dev") / block.name
                if int((block / "nsid").read_text()) == nsid and node.exists():
                    return node
        return None

    def node_of(self, nsid: int) -> Path:
        found = self._node(nsid)
        if found is None:
            raise LookupError(f"{self.name} has no node for namespace {nsid}")
        return found

    def media(self, nsid: int = 1) -> Media:
        """The medium of a namespace as it is now; NSID 0: the unallocated capacity."""
        self.subsystem.settle()
        if nsid == 0:
            return self.subsystem.unallocated
        return self.subsystem.namespaces[nsid].media

    def contains(self, needle: bytes) -> tuple[int, int]:
        """How often it is where the host can read it, and where it cannot: spare areas, detached
        namespaces, unallocated capacity."""
        self.subsystem.settle()
        with self.subsystem.lock:
            seen = self.subsystem.attached_media()
            visible = sum(media.contains(needle)[0] for media in seen)
            total = sum(sum(media.contains(needle)) for media in self.subsystem.all_media())
        return visible, total - visible

    @property
    def commands(self) -> list[Command]:
        """Every admin command since the start, the kernel's own included."""
        return list(self.subsystem.commands)

    @property
    def state(self) -> str:
        """The kernel's word: "live", "connecting" …"""
        return (CLASS / self.name / "state").read_text().strip()

    def wait_live(self) -> None:
        _wait(lambda: self.state == "live", f"{self.name} does not become live")

    def power_off(self) -> None:
        self.server.power_off()

    def power_on(self) -> None:
        """Back when the kernel has reconnected."""
        self.server.power_on()
        _wait(lambda: self.state == "live", f"{self.name} does not come back", 2 * _APPEARS_S)

    def power_cut(self, seconds: float = 2.0) -> None:
        """The drive loses power for a while; the kernel reconnects to the same node."""
        self.power_off()
        time.sleep(seconds)
        self.power_on()

    def hang_io(self, seconds: float) -> None:
        """Reads, writes and flushes get no answer for so long."""
        self.subsystem.io_waits_until = time.monotonic() + seconds


@contextlib.contextmanager
def nvme_drive(config: NvmeConfig | None = None) -> Iterator[NvmeDrive]:
    """Connected on entry; gone, with its nodes, at the end, whatever happens."""
    drive = NvmeDrive(config or NvmeConfig())
    try:
        drive.connect()
        yield drive
    finally:
        drive.disconnect()
