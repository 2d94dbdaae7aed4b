"""Real loop devices for tests: made here, owned by their path, gone at the end."""

from __future__ import annotations

import base64
import json
import subprocess
import sys
import threading
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from reprise.domain.drives.boot_medium import BootMedium
from reprise.domain.drives.capabilities import Capabilities
from reprise.domain.drives.late import Storage, glimpse_of
from reprise.domain.erasure.pattern import Stream
from reprise.domain.erasure.progress import Progress
from reprise.domain.pc.hardware import (
    Drive,
    DriveIdentity,
    Inventory,
    MediaKind,
    Transport,
    Use,
    UseKind,
)
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.planner import PlanRequest, plan_drive
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Technique, VerifyDepth
from reprise.domain.report.events import (
    AttemptFinished,
    Event,
    Observation,
    ObservationKind,
    Update,
)
from reprise.errors import InputError
from reprise.ports import Job
from unit.domain.drives.drives import pc

T = TypeVar("T")
MIB = 1 << 20
STREAM = Stream.AES_256_CTR  # what jobs write here; see conftest.both_streams


def tool(*argv: str) -> str:
    done = subprocess.run(argv, check=True, capture_output=True, text=True)
    return done.stdout.strip()


@contextmanager
def loop_device(file: Path, *options: str) -> Iterator[str]:
    """The node of a new loop device over `file`."""
    node = tool("losetup", "--find", "--show", *options, str(file))
    try:
        yield node
    finally:
        subprocess.run(["losetup", "--detach", node], check=False)


@contextmanager
def mounted(node: str, at: Path, *options: str) -> Iterator[Path]:
    """`at`: made where it is missing."""
    at.mkdir(exist_ok=True)
    tool("mount", *options, node, str(at))
    try:
        yield at
    finally:
        tool("umount", str(at))


def has_vfat() -> bool:
    if "vfat" in Path("/proc/filesystems").read_text():
        return True
    done = subprocess.run(["modprobe", "vfat"], check=False, capture_output=True)
    return done.returncode == 0


def filled_file(path: Path, size: int) -> Path:
    """A file full of a text that must not be found afterwards, to its last byte."""
    text = b"SECRET of the donor, line %010d\n"
    line = len(text % 0)
    body = b"".join(text % number for number in range(-(-min(size, MIB) // line)))[: min(size, MIB)]
    with path.open("wb") as file:
        while file.tell() < size:
            file.write(body[: size - file.tell()])
    return path


@contextmanager
def lying_device(folder: Path, size: int, **control: object) -> Iterator[Liar]:
    """A loop device over a file that lies (see liar.py)."""
    mountpoint = folder / "liar"
    mountpoint.mkdir()
    liar = Liar(folder / "control.json", {"size": size, **control})
    with ExitStack() as stack:
        server = subprocess.Popen(
            [sys.executable, str(Path(__file__).with_name("liar.py")), mountpoint, liar.control],
            stdout=subprocess.PIPE,
        )
        stack.callback(server.wait)
        stack.callback(subprocess.run, ["umount", "--lazy", str(mountpoint)], check=False)
        assert server.stdout is not None
        stack.enter_context(server.stdout)
        assert server.stdout.readline() == b"mounted\n"
        liar.node = stack.enter_context(loop_device(mountpoint / "disk"))
        # one request of the drive = one of the file: the loop driver takes a short write, of which
        # only the first part went well, for a whole one
        Path("/sys/block", Path(liar.node).name, "queue/max_sectors_kb").write_text("128")
        yield liar


@dataclass
class Liar:
    control: Path
    values: dict[str, object]
    node: str = ""

    def __post_init__(self) -> None:
        self.set()

    def set(self, **values: object) -> None:
        self.values.update(values)
        self.control.with_suffix(".new").write_text(json.dumps(self.values))
        self.control.with_suffix(".new").replace(self.control)


class LoopProbe:
    """ports.DriveProbe for loop devices, from sysfs and the mount table."""

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        """A drive that is slow to come back is looked for elsewhere: it is nowhere else."""
        return pc()

    def probe_storage(self, _known: Sequence[Drive] = (), /) -> Storage:
        return glimpse_of(self.probe_inventory())

    def probe_capabilities(self, drive: Drive) -> Capabilities:
        return Capabilities()

    def probe_drive(self, node: str) -> Drive:
        sysfs = Path("/sys/block", Path(node).name)
        if not (sysfs / "loop").exists():
            raise InputError(f"no drive {node}")

        def number(name: str) -> int:
            return int((sysfs / name).read_text())

        mounts = (line.split() for line in Path("/proc/self/mounts").read_text().splitlines())
        return Drive(
            identity=DriveIdentity(
                serial=(sysfs / "loop/backing_file").read_text().strip(),
                size_bytes=number("size") * 512,
            ),
            node=node,
            transport=Transport.LOOP,
            media=MediaKind.FILE,
            logical_sector_bytes=number("queue/logical_block_size"),
            physical_sector_bytes=number("queue/physical_block_size"),
            read_only=bool(number("ro")),
            removable=False,
            boot=BootMedium(is_boot=False),
            uses=tuple(Use(UseKind.MOUNT, node, m[1]) for m in mounts if m[0] == node),
        )


@dataclass
class Ran:
    """All that one run of a sanitizer said."""

    events: list[Event] = field(default_factory=list)
    progress: list[Progress] = field(default_factory=list)

    @property
    def end(self) -> Event:
        return self.events[-1]

    @property
    def finished(self) -> AttemptFinished:
        assert isinstance(self.end, AttemptFinished), self.events
        return self.end

    def seen(self, kind: ObservationKind) -> Observation:
        found = [e for e in self.events if isinstance(e, Observation) and e.kind is kind]
        assert len(found) == 1, self.events
        return found[0]

    def of(self, kind: type[T]) -> list[T]:
        return [event for event in self.events if isinstance(event, kind)]


def attempt_for(drive: Drive, verify: VerifyDepth = VerifyDepth.FULL) -> Attempt:
    plan = plan_drive(
        drive, Capabilities(), Policy(), wish=PlanRequest(Technique.OVERWRITE, verify, named=True)
    )
    assert not plan.refused, plan
    return plan.attempts[0]


def job_for(
    node: str,
    verify: VerifyDepth = VerifyDepth.FULL,
    *,
    key: bytes = b"k" * 32,
    resume: int = 0,
    stream: Stream | None = None,
) -> Job:
    drive = LoopProbe().probe_drive(node)
    job_id = str(uuid.UUID(int=0x5EED << 64))
    kind = STREAM if stream is None else stream
    return Job(drive, attempt_for(drive, verify), job_id, key, resume, stream=kind)


def run(
    sanitizer: object,
    job: Job,
    on_event: Callable[[Update], None] = lambda _item: None,
    stop: threading.Event | None = None,
) -> Ran:
    ran = Ran()
    for item in sanitizer.run(job, stop or threading.Event()):  # type: ignore[attr-defined]
        if isinstance(item, Progress):
            ran.progress.append(item)
        else:
            ran.events.append(item)
        on_event(item)
    return ran


def openssl_stream(job: Job, length: int, offset: int = 0) -> bytes:
    """The stream as the documentation says that a stranger can make it."""
    nonce = uuid.UUID(job.job_id).bytes[:8].hex()
    if job.stream is Stream.CHACHA20:
        cipher, iv = "-chacha20", (offset // 64).to_bytes(8, "little").hex() + nonce
    else:
        cipher, iv = "-aes-256-ctr", nonce + f"{offset // 16:016x}"
    argv = ("openssl", "enc", cipher, "-nopad", "-K", job.job_key.hex(), "-iv", iv)
    return subprocess.run(argv, input=bytes(length), check=True, capture_output=True).stdout


def payload_of(jws: Path) -> dict[str, Any]:
    """Decoded by hand: header.payload.signature, base64url without padding."""
    middle = jws.read_text().split(".")[1]
    loaded: dict[str, Any] = json.loads(base64.urlsafe_b64decode(middle + "=" * (-len(middle) % 4)))
    return loaded
