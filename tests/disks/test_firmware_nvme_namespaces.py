"""Several namespaces on one NVMe controller: a format or a sanitize must reach no other plan's."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from disks.played_nvme import FORMAT, SANITIZE, SIZE, PlayedNvme, erase, zeros
from disks.rig import filled_file
from reprise.domain.erasure.verification import ReasonCode
from reprise.domain.planning.techniques import Technique, Verdict

USER_DATA, BLOCK = Technique.NVME_FORMAT_USER_DATA, Technique.NVME_SANITIZE_BLOCK


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return filled_file(tmp_path / "disk", SIZE)


def test_a_detached_namespace_forbids_a_format_and_not_a_sanitize(file: Path) -> None:
    """A sanitize reaches it, as it should; whether a format does, nobody says."""
    assert erase(PlayedNvme(file, allocated=(1, 2)), USER_DATA).finished.verdict is Verdict.FAILED
    assert erase(PlayedNvme(file, allocated=(1, 2)), BLOCK).finished.verdict is Verdict.VERIFIED


def test_of_two_namespaces_each_is_formatted_where_that_reaches_no_other(file: Path) -> None:
    drive = PlayedNvme(file, active=(1, 2), allocated=(1, 2))
    assert erase(drive, USER_DATA, namespaces=2).finished.verdict is Verdict.VERIFIED
    assert [command.namespace_id for command in drive.sent(FORMAT)] == [1]


@pytest.mark.parametrize(
    "changes", [{"fna": 0b101}, {"fna": 0b110}, {"allocated": (1, 2, 3)}, {"active": (1, 2, 3)}]
)
def test_of_two_namespaces_none_is_formatted_where_that_may_reach_more(
    file: Path, changes: dict[str, object]
) -> None:
    drive = PlayedNvme(file, **{"active": (1, 2), "allocated": (1, 2), **changes})  # type: ignore[arg-type]
    ran = erase(drive, USER_DATA, namespaces=2)
    assert ran.finished.verdict is Verdict.FAILED
    assert not drive.sent(FORMAT)


# ---- what is left beside the one namespace ----

BESIDE: dict[str, dict[str, int | None]] = {
    "detached": {"namespaces_allocated": 2},
    "unallocated": {"unallocated_bytes": 4096},
    "not-told": {"namespaces_allocated": None},
    "unshown": {"namespaces": 2, "namespaces_allocated": 2, "namespaces_shown": 1},
}


@pytest.mark.parametrize("beside", BESIDE.values(), ids=BESIDE)
@pytest.mark.parametrize("technique", [USER_DATA, Technique.OVERWRITE])
def test_a_surface_that_is_erased_is_not_the_whole_drive(
    file: Path, technique: Technique, beside: dict[str, int | None]
) -> None:
    """Hole 8 of the audit: SANITIZED with 8,192 canaries left in a detached namespace."""
    active = (1, 2)[: beside.get("namespaces") or 1]
    drive = PlayedNvme(file, active=active, allocated=active)
    ran = erase(drive, technique, beside=beside)
    assert ran.finished.verdict is Verdict.UNVERIFIED
    assert ran.finished.reasons == (ReasonCode.HIDDEN_AREA_LEFT,)
    assert b"SECRET" not in file.read_bytes()


def test_a_sanitize_is_the_whole_drive(file: Path) -> None:
    beside = BESIDE["detached"] | BESIDE["unallocated"]
    ran = erase(PlayedNvme(file, allocated=(1, 2)), BLOCK, beside=beside)
    assert ran.finished.verdict is Verdict.VERIFIED


def test_of_two_active_namespaces_none_is_sanitized(file: Path) -> None:
    drive = PlayedNvme(file, active=(1, 2), allocated=(1, 2))
    assert erase(drive, BLOCK, namespaces=2).finished.verdict is Verdict.FAILED
    assert not drive.sent(SANITIZE)


def test_one_controller_formats_one_namespace_at_a_time(tmp_path: Path) -> None:
    at_work, most = [0], [0]
    counting = threading.Lock()

    def slowly(file: Path) -> None:
        with counting:
            at_work[0] += 1
            most[0] = max(most[0], at_work[0])
        time.sleep(1)
        zeros(file)
        with counting:
            at_work[0] -= 1

    drives = [PlayedNvme(filled_file(tmp_path / name, SIZE), slowly) for name in ("one", "two")]
    with ThreadPoolExecutor() as pool:
        ran = list(pool.map(lambda drive: erase(drive, USER_DATA), drives))
    assert [one.finished.verdict for one in ran] == [Verdict.VERIFIED] * 2
    assert most == [1]
