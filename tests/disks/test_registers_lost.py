"""A bridge or a driver that loses the ATA registers loses no fact that came beside them; what
cannot be asked of an ATA drive then is a doubt, not a "no"."""

from __future__ import annotations

from pathlib import Path

import pytest

from disks.played_ata import SECTORS, AtaLoopProbe, PlayedScsi, rig
from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.drives.capabilities.ata import read_ata
from reprise.adapters.drives.passthrough.ata_taskfile import SatAta
from reprise.adapters.drives.passthrough.sgio import CHECK_CONDITION, ScsiAnswer
from reprise.domain.drives.capabilities import AtaCapabilities, Capabilities, Support
from reprise.domain.planning.options import may_hide
from reprise.domain.planning.plan import WarningCode
from reprise.domain.planning.planner import PlanRequest, plan_drive
from reprise.domain.planning.policy import Policy

HPA = 2048
NAMED = PlanRequest(named=True)
NOTHING = b""
RECOVERED = bytes.fromhex("70000100000000000000000000000000")  # as fixed sense, with no code
CUT = bytes.fromhex("7201001d00000000")  # the header of a descriptor that did not come
BAD_FIELD = bytes.fromhex("700005000000000a00000000240000000000")


class Lossy:
    """ScsiAccess: the drive's data arrives, its registers do not. `refuses`: what it says to a
    command that asks for them (None: GOOD)."""

    def __init__(self, inner: PlayedScsi, refuses: bytes | None, *, plain: bool = True) -> None:
        self.inner, self.refuses, self.plain = inner, refuses, plain

    def send(self, device: object, cdb: bytes, **more: object) -> ScsiAnswer:
        told = self.inner.send(device, cdb, **more)  # type: ignore[arg-type]
        asked = bool(cdb[2] & 0x20)
        if self.refuses is None or not asked:
            status = 0 if asked or self.plain else CHECK_CONDITION
            return ScsiAnswer(status, 0, 0, b"", told.data if status == 0 else b"", 0, 0.0)
        data = b"" if self.refuses == BAD_FIELD else told.data
        return ScsiAnswer(CHECK_CONDITION, 0, 8, self.refuses, data, 0, 0.0)


def read(node: str, access: Lossy) -> AtaCapabilities | None:
    with BlockFile(node, writable=False, exclusive=False) as device:
        return read_ata(device, {}, SatAta(access))


@pytest.mark.parametrize("refuses", [None, NOTHING, RECOVERED, CUT, BAD_FIELD], ids=repr)
def test_an_identify_that_was_read_is_kept(tmp_path: Path, refuses: bytes | None) -> None:
    with rig(tmp_path, kind="hdd", hpa_sectors=HPA) as drive:
        found = read(drive.node, Lossy(drive.scsi, refuses))
        assert found is not None
        assert (found.visible_sectors, found.hpa) == (SECTORS - HPA, Support.YES)
        assert found.native_sectors is None
        able = Capabilities(ata=found)
        assert may_hide(able)
        plan = plan_drive(AtaLoopProbe().probe_drive(drive.node), able, Policy())
        assert WarningCode.MAY_HIDE in plan.warnings


def test_data_without_a_checksum_that_fits_is_no_identify(tmp_path: Path) -> None:
    with rig(tmp_path, kind="hdd", hpa_sectors=HPA) as drive:
        good = drive.device.identity()
        drive.device.identity = lambda: good[:510] + bytes(2)  # type: ignore[method-assign]
        # nobody vouches for it: neither registers, nor GOOD, nor its own checksum
        assert read(drive.node, Lossy(drive.scsi, NOTHING, plain=False)) == AtaCapabilities()
        # GOOD to a command that does not ask for the registers does
        found = read(drive.node, Lossy(drive.scsi, NOTHING))
        assert found is not None
        assert found.known


def test_a_drive_that_told_all_hides_nothing(tmp_path: Path) -> None:
    with rig(tmp_path, kind="hdd") as drive:
        found = drive.capabilities()
        assert found.ata is not None
        assert found.ata.known
        assert not may_hide(found)
        plan = plan_drive(AtaLoopProbe().probe_drive(drive.node), found, Policy(), wish=NAMED)
        assert plan.attempts
        assert WarningCode.MAY_HIDE not in plan.warnings
