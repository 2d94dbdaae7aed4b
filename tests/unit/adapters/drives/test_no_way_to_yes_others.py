"""Whatever a drive answers, and however it arrives, no reader of SCSI, eMMC or TCG capabilities
says YES unless the very bit of a well-formed answer does. (Garbage alone is tried in the tests of
each format.)"""

from __future__ import annotations

import errno
import struct
from dataclasses import dataclass, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.adapters.drives.capabilities import opal
from reprise.adapters.drives.capabilities.mmc import read_mmc
from reprise.adapters.drives.capabilities.opal import read_opal
from reprise.adapters.drives.capabilities.scsi import read_scsi
from reprise.adapters.drives.passthrough.sgio import ScsiAnswer
from reprise.adapters.hardware.sysfs import Roots
from reprise.domain.drives.capabilities import Support
from unit.adapters.drives.procedures import ERRNOS, SIZE, Device, many, with_status

YES = Support.YES
OSERROR = st.sampled_from(ERRNOS).map(lambda number: OSError(number, "played"))
Spoil = OSError | tuple[str, int] | None  # None: the answer arrives as it is


def yes(found: object) -> set[str]:
    """The names of the fields that say YES."""
    if found is None:
        return set()
    names = (getattr(type(found), "__dataclass_fields__", {})).keys()
    return {name for name in names if getattr(found, name) is YES}


# ---- SCSI ----

ACTIONS = {0x01: "sanitize_overwrite", 0x02: "sanitize_block", 0x03: "sanitize_crypto"}
REPORT = st.tuples(
    st.integers(0, 0xFF),  # byte 1 of the one_command format
    st.one_of(
        st.none(),
        st.none(),
        OSERROR,
        st.tuples(st.just("status"), st.sampled_from([0x02, 0x08, 0x18, 0x28, 0x40])),
        st.tuples(st.just("host_status"), st.sampled_from([1, 3, 7])),
        st.tuples(st.just("driver_status"), st.sampled_from([2, 6])),
        st.tuples(st.just("data"), st.integers(0, 3)),
    ),
)


@dataclass
class Lister:
    """ScsiAccess of a disk; `reports`: by service action."""

    reports: dict[int, tuple[int, Spoil]]

    def send(self, device: object, cdb: bytes, **_more: object) -> ScsiAnswer:
        good = ScsiAnswer(0, 0, 0, b"", b"", 0, 0.0)
        if cdb[0] == 0x12 and not cdb[1]:
            return replace(good, data=b"\0\0\6\x12\x1f\0\0\2SEAGATE ST300MM0006     B001")
        if cdb[0] != 0xA3:
            return replace(good, status=2)
        assert cdb[1:4] == b"\x0c\x02\x48"  # of one command with a service action: SANITIZE
        told, spoil = self.reports[int.from_bytes(cdb[4:6], "big")]
        if isinstance(spoil, OSError):
            raise spoil
        good = replace(good, data=bytes((0, told, 0, 10)) + bytes(10))
        what, value = spoil or ("data", 64)
        if what == "data":
            return replace(good, data=good.data[:value])
        return with_status(good, what, value)


@many(200)
@given(reports=st.fixed_dictionaries(dict.fromkeys(ACTIONS, REPORT)))
def test_scsi(reports: dict[int, tuple[int, Spoil]]) -> None:
    found = read_scsi(Device(), {}, Lister(reports))
    told = {
        ACTIONS[action]
        for action, (support, spoil) in reports.items()
        if spoil is None and support & 0b111 == 0b011
    }
    assert yes(found) == told


# ---- eMMC ----


@dataclass
class OneRegister:
    """MmcAccess."""

    answer: bytes | OSError

    def read(self, device: object, command: object) -> bytes:
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer

    def send(self, *_args: object) -> tuple[int, ...]:
        raise AssertionError("nothing may be changed")

    def secure_erase(self, *_args: object) -> None:
        raise AssertionError("nothing may be changed")


@pytest.fixture(scope="module")
def cards(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Roots]:
    made = {}
    for kind in ("MMC", "SD", "SDIO", ""):
        root: Path = tmp_path_factory.mktemp("card")
        card = root / "sys/dev/block" / Device.number / "device"
        card.mkdir(parents=True)
        (card / "type").write_text(f"{kind}\n")
        made[kind] = Roots(root / "sys", root / "proc", root / "dev")
    return made


@many(200)
@given(
    kind=st.sampled_from(["MMC", "MMC", "MMC", "SD", "SDIO", ""]),
    features=st.integers(0, 0xFF),
    revision=st.sampled_from([8, 8, 8, 5, 16, 0xFF]),
    sectors=st.sampled_from([SIZE // 512, SIZE // 512, 0, 1, 0xFFFF_FFFF]),
    spoil=st.one_of(st.none(), st.none(), OSERROR, st.integers(0, 511)),
)
def test_emmc(
    cards: dict[str, Roots],
    kind: str,
    features: int,
    revision: int,
    sectors: int,
    spoil: OSError | int | None,
) -> None:
    data = bytearray(512)
    data[192], data[231] = revision, features
    data[212:216] = sectors.to_bytes(4, "little")
    answer = spoil if isinstance(spoil, OSError) else bytes(data[:spoil])
    found = read_mmc(Device(), cards[kind], {}, OneRegister(answer))
    known = kind == "MMC" and spoil is None and revision <= 15
    bits = {"secure_erase": 0, "trim": 4, "sanitize": 6}
    right = known and sectors in (0, SIZE // 512)
    assert yes(found) == {name for name, bit in bits.items() if right and features >> bit & 1}


# ---- TCG ----


@dataclass
class OneOpal:
    """OpalAccess."""

    state: int | OSError
    answer: bytes | OSError

    def flags(self, device: object) -> int:
        if isinstance(self.state, OSError):
            raise self.state
        return self.state

    def discovery(self, device: object) -> bytes:
        if isinstance(self.answer, OSError):
            raise self.answer
        return self.answer

    def revert_by_psid(self, *_args: object) -> int:
        raise AssertionError("nothing may be changed")


@dataclass
class Direct:
    """ScsiAccess: the drive's own answer, where the kernel knows no Opal."""

    answer: bytes | OSError

    def send(self, *_command: object, **_more: object) -> ScsiAnswer:
        if isinstance(self.answer, OSError):
            raise self.answer
        return ScsiAnswer(0, 0, 0, b"", self.answer, 0, 0.0)


@many(300)
@given(
    state=st.one_of(st.integers(0, 0xFF), OSERROR, st.just(OSError(errno.EOPNOTSUPP, "none"))),
    codes=st.lists(
        st.sampled_from([0x0001, 0x0100, 0x0200, 0x0203, 0x0301, 0x0302, 0x0303, 0x0304, 0xC001]),
        max_size=4,
    ),
    locking=st.one_of(st.none(), st.integers(0, 0xFF)),
    spoil=st.one_of(st.none(), st.none(), OSERROR, st.integers(0, 100)),
)
def test_opal(
    state: int | OSError, codes: list[int], locking: int | None, spoil: OSError | int | None
) -> None:
    features = b"".join(struct.pack(">HBB", code, 0x10, 12) + bytes(12) for code in codes)
    if locking is not None:
        features += struct.pack(">HBB", 2, 0x10, 12) + bytes((locking,)) + bytes(11)
    whole = (44 + len(features)).to_bytes(4, "big") + bytes(44) + features
    answer: bytes | OSError = whole.ljust(2048, b"\0")
    if isinstance(spoil, OSError):
        answer = spoil
    elif spoil is not None:
        answer = whole[: min(spoil, len(whole) - 1)]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(opal, "behind_usb", lambda _device: False)
        found = read_opal(Device(), {}, OneOpal(state, answer), None, Direct(answer)).revertible
    encrypts = locking is not None and bool(locking & 0x08)
    knows = isinstance(state, int) and bool(state & 1)
    told = knows and spoil is None and encrypts and {0x0200, 0x0203} & {*codes}
    assert (found is YES) == bool(told)
    if found is Support.NO:
        assert spoil is None
