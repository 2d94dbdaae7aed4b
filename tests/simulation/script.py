"""What one simulated world is made of and what people do in it: plain values, so that a run can be
told, shrunk and kept."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from typing import Any


@dataclass(frozen=True)
class DriveSpec:
    """`kind`: ata, scsi, nvme, mmc, usb. `words`: of the model's configuration, plain values.
    `troubles`: number of the call -> what happens there."""

    kind: str
    pc: int  # where it is at first; -1: in a drawer
    words: dict[str, Any] = field(default_factory=dict)
    troubles: dict[str, str] = field(default_factory=dict)
    caches: bool = False
    transfer_s: float = 0.0


@dataclass(frozen=True)
class PcSpec:
    told: bool = True
    deep: bool = True
    clock_wrong_s: float = 0.0
    clock_dead: bool = False
    hides: str = ""
    aes: bool = True


@dataclass(frozen=True)
class Act:
    """`who`: which PC, stick or drive it is about, by its number modulo how many there are."""

    kind: str
    who: int = 0
    what: int = 0
    how: float = 0.0


@dataclass(frozen=True)
class Script:
    seed: int
    eager: float
    policy: dict[str, Any]
    pcs: tuple[PcSpec, ...]
    sticks: int
    unattended: tuple[int, ...]  # sticks that say so
    drives: tuple[DriveSpec, ...]
    acts: tuple[Act, ...]

    def to_json(self) -> str:
        return json.dumps(asdict(self), ensure_ascii=False, indent=1)


def from_json(text: str) -> Script:
    raw = json.loads(text)
    return Script(
        seed=raw["seed"],
        eager=raw["eager"],
        policy=raw["policy"],
        pcs=tuple(PcSpec(**one) for one in raw["pcs"]),
        sticks=raw["sticks"],
        unattended=tuple(raw["unattended"]),
        drives=tuple(DriveSpec(**one) for one in raw["drives"]),
        acts=tuple(Act(**one) for one in raw["acts"]),
    )
