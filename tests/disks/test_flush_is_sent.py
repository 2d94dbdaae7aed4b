"""A flush that the kernel does not send, because it takes the drive for write-through, is sent by
ourselves; what was not sent is not called flushed."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from disks.rig import MIB, LoopProbe, Ran, filled_file, job_for, loop_device, run
from reprise.adapters.drives.flushing import DriveFlush
from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.adapters.drives.passthrough.sgio import CHECK_CONDITION, DID_TIME_OUT, ScsiAnswer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, OwnWord, Support
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.pc.hardware import Drive, Transport
from reprise.domain.planning.policy import Policy
from reprise.domain.planning.techniques import Verdict
from reprise.domain.report.events import Checkpoint, Observation, ObservationKind

SIZE = 4 * MIB
GOOD = ScsiAnswer(0, 0, 0, b"", b"", 0, 0.0)
LATE = ScsiAnswer(0, DID_TIME_OUT, 0, b"", b"", 0, 0.0)
FLUSH_EXT, FLUSH, SYNC_10, SYNC_16 = "ata-ea", "ata-e7", "35", "91"


def refused(key: int, asc: int) -> ScsiAnswer:
    sense = bytes((0x70, 0, key, 0, 0, 0, 0, 10, 0, 0, 0, 0, asc, 0, 0, 0, 0, 0))
    return ScsiAnswer(CHECK_CONDITION, 0, 8, sense, b"", 0, 0.0)


@dataclass
class Takes:
    """ScsiAccess: `answers` by command; all else is unknown to the drive."""

    answers: dict[str, ScsiAnswer]
    sent: list[str] = field(default_factory=list)

    def send(self, device: object, cdb: bytes, **_more: object) -> ScsiAnswer:
        name = f"ata-{cdb[14]:02x}" if cdb[0] == 0x85 else f"{cdb[0]:02x}"
        self.sent.append(name)
        return self.answers.get(name, refused(5, 0x20))


@dataclass
class TakesNvme:
    status: int
    sent: int = 0

    def flush(self, device: object, timeout_ms: int) -> int:
        self.sent += 1
        return self.status


class Attached(LoopProbe):
    def __init__(self, transport: Transport) -> None:
        self.transport = transport

    def probe_drive(self, node: str) -> Drive:
        return replace(super().probe_drive(node), transport=self.transport)


def overwrite(
    tmp_path: Path,
    transport: Transport,
    kernel: str,
    takes: Takes | None = None,
    *,
    nvme: int = 0,
    by: str = "",
    ata: AtaCapabilities | None = None,
) -> Ran:
    """`kernel`: what queue/write_cache says of the drive."""
    takes = takes or Takes({})
    with loop_device(filled_file(tmp_path / "disk", SIZE)) as node:
        number = Path("/sys/class/block", Path(node).name, "dev").read_text().strip()
        place = tmp_path / "sys/dev/block" / number / "queue"
        place.mkdir(parents=True)
        (place / "write_cache").write_text(f"{kernel}\n")
        flush = DriveFlush(SatAta(takes), takes, TakesNvme(nvme), Roots(sys=tmp_path / "sys"))
        probe = Attached(transport)
        able = Capabilities(ata=ata, own=OwnWord(by)) if by else Capabilities()
        job = replace(job_for(node), drive=probe.probe_drive(node), capabilities=able)
        sanitizer = OverwriteSanitizer(
            probe,
            Policy(allow_usb=True),
            thermometer=lambda *_: None,
            asks=lambda *_: OwnWord(),
            flush=flush,
        )
        return run(sanitizer, job)


def flushed_by(ran: Ran) -> str:
    return str(ran.seen(ObservationKind.FLUSHED).detail["command"])


def test_where_the_kernel_flushes_nothing_more_is_sent(tmp_path: Path) -> None:
    takes = Takes({SYNC_10: GOOD})
    ran = overwrite(tmp_path, Transport.SAS, "write back", takes)
    assert flushed_by(ran) == "fsync"
    assert takes.sent == []
    assert ran.finished.verdict is Verdict.VERIFIED


@pytest.mark.parametrize(
    ("transport", "by", "answers", "name"),
    [
        (Transport.SATA, "ata", {FLUSH_EXT: GOOD}, "FLUSH CACHE EXT"),
        (Transport.USB, "ata", {FLUSH_EXT: refused(0xB, 0), FLUSH: GOOD}, "FLUSH CACHE"),
        (Transport.USB, "ata", {SYNC_10: GOOD}, "SYNCHRONIZE CACHE (10)"),
        (Transport.USB, "", {SYNC_10: GOOD}, "SYNCHRONIZE CACHE (10)"),
        (Transport.SAS, "scsi", {SYNC_10: refused(1, 0)}, "SYNCHRONIZE CACHE (10)"),
        (Transport.SAS, "scsi", {SYNC_16: GOOD}, "SYNCHRONIZE CACHE (16)"),
        (Transport.NVME, "nvme", {}, "Flush"),
    ],
)
def test_where_it_does_not_the_drive_is_told_in_its_own_tongue(
    tmp_path: Path, transport: Transport, by: str, answers: dict[str, ScsiAnswer], name: str
) -> None:
    ran = overwrite(tmp_path, transport, "write through", Takes(answers), by=by)
    assert flushed_by(ran) == name


@pytest.mark.parametrize("transport", [Transport.SAS, Transport.USB, Transport.VIRTIO])
def test_what_was_not_sent_is_told(tmp_path: Path, transport: Transport) -> None:
    ran = overwrite(tmp_path, transport, "write through")
    assert ran.finished.verdict is Verdict.VERIFIED
    ran.seen(ObservationKind.FLUSH_NOT_SENT)
    kinds = {one.kind for one in ran.of(Observation) if isinstance(one, Observation)}
    assert ObservationKind.FLUSHED not in kinds


@pytest.mark.parametrize("answer", [LATE, refused(3, 0x0C), refused(4, 0x44)])
def test_a_flush_that_failed_is_a_doubt(tmp_path: Path, answer: ScsiAnswer) -> None:
    ran = overwrite(tmp_path, Transport.SAS, "write through", Takes({SYNC_10: answer}))
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.FLUSH_FAILED in ran.finished.reasons


def test_an_nvme_flush_that_failed_is_a_doubt(tmp_path: Path) -> None:
    ran = overwrite(tmp_path, Transport.NVME, "write through", nvme=0x4006)
    assert ReasonCode.FLUSH_FAILED in ran.finished.reasons


ABORTED = refused(0xB, 0)
EVERY = (FLUSH_EXT, FLUSH, SYNC_10, SYNC_16)
HAS = AtaCapabilities(flush_cache=Support.YES, flush_cache_ext=Support.YES)
HAS_SHORT = AtaCapabilities(flush_cache=Support.YES, flush_cache_ext=Support.NO)
HAS_NONE = AtaCapabilities(flush_cache=Support.NO, flush_cache_ext=Support.NO)


@pytest.mark.parametrize(
    ("by", "ata", "aborted", "sent"),
    [
        ("ata", HAS, EVERY, [FLUSH_EXT]),
        ("ata", HAS, (FLUSH_EXT,), [FLUSH_EXT]),  # another try would forget what was lost
        ("ata", HAS_SHORT, EVERY, [FLUSH_EXT, FLUSH]),
        ("ata", HAS_SHORT, (FLUSH,), [FLUSH_EXT, FLUSH]),
        ("ata", HAS, (SYNC_10,), [FLUSH_EXT, FLUSH, SYNC_10]),  # its bridge takes no ATA command
        ("scsi", None, (SYNC_10,), [SYNC_10]),
        ("", None, (SYNC_10,), [SYNC_10]),
    ],
)
def test_an_aborted_flush_of_a_drive_that_has_it_is_a_doubt(
    tmp_path: Path, by: str, ata: AtaCapabilities | None, aborted: tuple[str, ...], sent: list[str]
) -> None:
    """ATA aborts a command that it does not have, and a flush that failed, with the same word."""
    takes = Takes(dict.fromkeys(aborted, ABORTED))
    ran = overwrite(tmp_path, Transport.SATA, "write through", takes, by=by, ata=ata)
    assert takes.sent == sent
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ReasonCode.FLUSH_FAILED in ran.finished.reasons


@pytest.mark.parametrize("ata", [HAS_NONE, AtaCapabilities(), None])
def test_what_was_sent_and_refused_is_told(tmp_path: Path, ata: AtaCapabilities | None) -> None:
    takes = Takes(dict.fromkeys(EVERY, ABORTED))
    ran = overwrite(tmp_path, Transport.SATA, "write through", takes, by="ata", ata=ata)
    assert takes.sent[:4] == list(EVERY)
    assert ran.finished.verdict is Verdict.VERIFIED
    names = "FLUSH CACHE EXT, FLUSH CACHE, SYNCHRONIZE CACHE (10), SYNCHRONIZE CACHE (16)"
    assert ran.seen(ObservationKind.FLUSH_NOT_SENT).detail == {"refused": names}


@pytest.mark.parametrize(
    ("transport", "answers", "safe"),
    [
        (Transport.USB, {}, []),  # it may have a cache that nothing empties
        (Transport.USB, {SYNC_10: GOOD}, [SIZE]),
        (Transport.VIRTIO, {}, [SIZE]),  # the system drives its cache, and knows of none
    ],
)
def test_where_to_go_on_after_a_cut_is_what_a_flush_covers(
    tmp_path: Path, transport: Transport, answers: dict[str, ScsiAnswer], safe: list[int]
) -> None:
    ran = overwrite(tmp_path, transport, "write through", Takes(answers))
    assert [one.done_bytes for one in ran.of(Checkpoint)] == safe


def test_where_nothing_was_sent_nothing_was_refused(tmp_path: Path) -> None:
    ran = overwrite(tmp_path, Transport.VIRTIO, "write through")
    assert ran.seen(ObservationKind.FLUSH_NOT_SENT).detail == {}
