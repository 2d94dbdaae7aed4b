"""Between its erasure and its system a drive may get another name, and another drive its old one:
it is found by what it says that it is, and where that is not one drive alone nothing is written."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_disk
from disks.rig import LoopProbe, filled_file, job_for, loop_device, run
from disks.test_install import failure, finished, install
from disks.test_install_kinds import shelved
from reprise.adapters.drives.blockio import BlockFile, aligned_buffer
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.surface.keystream import Keystream
from reprise.adapters.install.installer import ImageInstaller
from reprise.adapters.pc.command import SystemCommandRunner
from reprise.domain.drives.capabilities import OwnWord
from reprise.domain.erasure.pattern import Stream
from reprise.domain.install.events import InstallStarted
from reprise.domain.install.images import ImageKind, InstallFailure
from reprise.domain.install.options import InstallOptions
from reprise.domain.pc.hardware import Drive, Inventory, Transport
from reprise.domain.planning.plan import Attempt
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Method, Technique, Verdict, VerifyDepth
from reprise.domain.report.events import Update
from reprise.domain.report.report import AttemptRecord
from reprise.ports import InstallRequest
from unit.domain.drives.drives import pc

IMAGE, SIZE = 12 * MIB, 24 * MIB
DOCK = "DOCK0001"
Who = dict[str, str]


def erased_by(technique: Technique, stream: Stream = Stream.AES_256_CTR) -> AttemptRecord:
    attempt = Attempt(technique, Method.CLEAR, VerifyDepth.FULL)
    return AttemptRecord(JOB, KEY.hex(), attempt, "", 0.0, stream=stream)


JOB, KEY = "0b9e3d52-61a8-4c62-9a0f-6b4f3c2d1e00", bytes(range(32))
BY_ITSELF = erased_by(Technique.SCSI_SANITIZE_BLOCK)


@dataclass
class Bench(LoopProbe):
    """Loop devices in docks of one kind, which have one serial number; `inside` (file name to
    serial number) is what each drive says itself, where it says anything."""

    folder: Path
    inside: Who
    nodes: list[str] = field(default_factory=list)

    def probe_drive(self, node: str) -> Drive:
        seen = super().probe_drive(node)
        who = replace(seen.identity, serial=DOCK)
        return replace(seen, identity=who, transport=Transport.USB)

    def probe_inventory(self, _known: Sequence[Drive] = (), /) -> Inventory:
        return pc(*map(self.probe_drive, self.nodes))

    def asks(self, device: BlockFile, drive: Drive, by: str = "") -> OwnWord:
        backing = Path("/sys/dev/block", device.number, "loop/backing_file").read_text().strip()
        serial = self.inside.get(Path(backing).name)
        return OwnWord("ata", serial) if serial else OwnWord()

    @contextmanager
    def plugged(self, *names: str) -> Iterator[list[str]]:
        """Their nodes."""
        with ExitStack() as stack:
            self.nodes = [
                stack.enter_context(loop_device(self.folder / name))
                for name in names
                if (self.folder / name).exists() or filled_file(self.folder / name, SIZE)
            ]
            yield self.nodes

    def install(self, node: str, own: str, *, erased: AttemptRecord | None = None) -> list[Update]:
        (self.folder / "images").mkdir()
        images = shelved(make_disk(self.folder / "images/disk.img", IMAGE), ImageKind.RAW, IMAGE)
        made = ImageInstaller(
            [images],
            SystemCommandRunner(),
            self,
            Policy(allow_usb=True),
            mount_at=self.folder / "target",
            asks=self.asks,
        )
        planned = replace(self.probe_drive(self.nodes[0]), node=node)
        word = OwnWord("ata", own) if own else OwnWord()
        options = InstallOptions("own", "pc", "u", "first word 1")
        return install(
            made, InstallRequest(planned, options, own=word, erased=erased), threading.Event()
        )

    def untouched(self, name: str) -> bool:
        return (self.folder / name).read_bytes() == filled_file(
            self.folder / "as it was", SIZE
        ).read_bytes()


def test_it_is_found_under_its_new_name(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {"mine": "MINE1"})
    with bench.plugged("mine") as (node,):
        events = bench.install("/dev/not-there-any-more", "MINE1")
        assert finished(events).ok, events
        began = events[0]
        assert isinstance(began, InstallStarted) and began.node == node
    assert not bench.untouched("mine")


def test_another_one_that_took_its_old_name_keeps_what_it_holds(tmp_path: Path) -> None:
    """Even in a dock with the same serial number."""
    bench = Bench(tmp_path, {"mine": "MINE1", "other": "OTHER1"})
    with bench.plugged("other", "mine") as (old, _new):
        events = bench.install(old, "MINE1")
        assert finished(events).ok, events
    assert bench.untouched("other")
    assert not bench.untouched("mine")


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ({"one": "OTHER1", "two": "OTHER2"}, InstallFailure.ANOTHER_DRIVE),
        ({}, InstallFailure.SILENT_DRIVE),
        ({"two": "MINE1", "three": "MINE1"}, InstallFailure.SILENT_DRIVE),
    ],
)
def test_where_it_is_not_one_drive_alone_nothing_is_written(
    tmp_path: Path, inside: Who, expected: InstallFailure
) -> None:
    """It is nowhere; nobody tells; two tell the same."""
    bench = Bench(tmp_path, inside)
    with bench.plugged("one", "two", "three") as nodes:
        assert failure(bench.install(nodes[0], "MINE1")) is expected
    assert all(bench.untouched(name) for name in ("one", "two", "three"))


def test_one_that_came_instead_into_the_same_dock_is_not_taken_for_it(tmp_path: Path) -> None:
    """What was erased never said who it is; the only one that is there has its dock's number."""
    bench = Bench(tmp_path, {})
    with bench.plugged("other"):
        events = bench.install("/dev/not-there-any-more", "")
        assert failure(events) is InstallFailure.DRIVE_GONE
    assert bench.untouched("other")


@pytest.mark.parametrize(
    ("at", "sign"),
    [
        (0, b""),
        (510, b"\x55\xaa"),
        (512, b"EFI PART"),
        (4096, b"EFI PART"),
        (1080, b"\x53\xef"),
        (0, b"LUKS\xba\xbe"),
        (0, b"XFSB"),
        (512, b"LABELONE"),
        (65600, b"_BHRfS_M"),
        (512, b"PM\0\0"),  # the partition map of an older Mac
        (1024, b"H+\0\x04"),
        (32769, b"CD001"),
        (40_000, b"a frame of a camera"),  # by whatever keeps no table at all
    ],
)
def test_one_that_never_said_who_it_is_is_told_by_being_erased(
    tmp_path: Path, at: int, sign: bytes
) -> None:
    """Another stands in its dock, under its name."""
    bench = Bench(tmp_path, {})
    with bench.plugged("other") as (node,):
        with BlockFile(node, writable=True) as device:
            head = aligned_buffer(8 * MIB)
            head[at : at + len(sign)] = sign
            device.write_from(0, head)
        before = (tmp_path / "other").read_bytes()
        events = bench.install(node, "", erased=BY_ITSELF)
        assert finished(events).ok is not bool(sign)
        assert not sign or failure(events) is InstallFailure.ANOTHER_DRIVE
    assert ((tmp_path / "other").read_bytes() == before) is bool(sign)


@pytest.mark.parametrize("begun_mib", [0, 1])
@pytest.mark.parametrize("piece", [b"\0", b"\xff", b"PATTERN." * 64, b""])
def test_whatever_an_erasure_leaves_is_no_sign_of_use(
    tmp_path: Path, piece: bytes, begun_mib: int
) -> None:
    """Nor is noise (b""), nor zeros before something else."""
    bench, length = Bench(tmp_path, {}), 8 * MIB
    left = piece * (length // len(piece)) if piece else os.urandom(length)
    (tmp_path / "mine").write_bytes(bytes(SIZE))
    with bench.plugged("mine") as (node,):
        with BlockFile(node, writable=True) as device:
            head = aligned_buffer(length)
            head[begun_mib * MIB :] = left[begun_mib * MIB :]
            device.write_from(0, head)
        events = bench.install(node, "", erased=BY_ITSELF)
        assert finished(events).ok, events


@pytest.mark.parametrize("kind", Stream)
@pytest.mark.parametrize("held", ["it", "another key's", "noise", "zeros", "one sector of another"])
def test_one_that_was_overwritten_is_told_by_the_very_stream(
    tmp_path: Path, kind: Stream, held: str
) -> None:
    """Another that is encrypted all over looks as if it were erased."""
    bench, head = Bench(tmp_path, {}), aligned_buffer(8 * MIB)
    Keystream(JOB, KEY if held != "another key's" else bytes(32), kind).fill(head, 0)
    if held == "one sector of another":
        head[-512:] = os.urandom(512)
    elif held in ("noise", "zeros"):
        head[:] = os.urandom(len(head)) if held == "noise" else bytes(len(head))
    with bench.plugged("other") as (node,):
        with BlockFile(node, writable=True) as device:
            device.write_from(0, head)
        before = (tmp_path / "other").read_bytes()
        events = bench.install(node, "", erased=erased_by(Technique.OVERWRITE, kind))
        assert finished(events).ok is (held == "it"), events
        assert held == "it" or failure(events) is InstallFailure.ANOTHER_DRIVE
    assert ((tmp_path / "other").read_bytes() == before) is (held != "it")


@pytest.mark.parametrize("kind", Stream)
def test_what_an_overwrite_leaves_is_known_again(tmp_path: Path, kind: Stream) -> None:
    bench = Bench(tmp_path, {})
    with bench.plugged("mine") as (node,):
        job = replace(job_for(node, stream=kind), drive=bench.probe_drive(node))
        ran = run(OverwriteSanitizer(bench, Policy(allow_usb=True), asks=bench.asks), job)
        assert ran.finished.verdict is Verdict.VERIFIED, ran.events
        erased = AttemptRecord(job.job_id, job.job_key.hex(), job.attempt, "", 0.0, stream=kind)
        events = bench.install(node, "", erased=erased)
        assert finished(events).ok, events


def test_of_two_that_nothing_tells_apart_none_is_taken(tmp_path: Path) -> None:
    bench = Bench(tmp_path, {})
    with bench.plugged("one", "two"):
        events = bench.install("/dev/not-there-any-more", "")
        assert failure(events) is InstallFailure.DRIVE_GONE, "no fault of the drive"
    assert bench.untouched("one") and bench.untouched("two")
