"""From a seed to a script: what there is, what goes wrong, and what people do."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from simulation.late_seeds import (
    cut_again,
    docked,
    forgetful,
    in_places,
    psid_revert,
    silent,
    twins,
    used_between,
)
from simulation.making import ORDER
from simulation.script import Act, DriveSpec, PcSpec, Script

SANITIZE_FAULTS = (
    *("SANITIZE_LIES", "SANITIZE_MISSES_END", "SANITIZE_LEAVES_SPARE", "SANITIZE_UNMAPS_ONLY"),
    *("SANITIZE_STUCK", "SANITIZE_FAILS_HALFWAY", "SANITIZE_FAILS_KEEPS_DATA"),
)
ATA_FAULTS = (
    *SANITIZE_FAULTS,
    *("SECURITY_ERASE_LIES", "SECURITY_ERASE_ABORTS", "SECURITY_ERASE_FAILS_HALFWAY"),
    *("ENHANCED_ERASE_LEAVES_SPARE", "PASSWORD_IGNORED", "DROPS_READ_NATIVE_MAX"),
    "CHANGES_SERIAL",
)
NVME_FAULTS = (
    *("FORMAT_LIES", "FORMAT_HALF", "FORMAT_UNMAPS_ONLY", "FORMAT_LEAVES_SPARE"),
    *("FORMAT_ONE_ONLY", "SANITIZE_LIES", "SANITIZE_HALF", "SANITIZE_UNMAPS_ONLY"),
    *("SANITIZE_LEAVES_SPARE", "SANITIZE_LEAVES_DETACHED", "SANITIZE_STUCK"),
    *("SANITIZE_FAILS_HALFWAY", "SANITIZE_FAILS_KEEPS_DATA", "SANITIZE_IGNORED"),
    *("SANITIZE_FORGOTTEN", "SANITIZE_CLEARS", "NO_SANITIZE_LOG", "CHANGES_SERIAL"),
)
CALLS = (
    *("eio", "slow", "torn", "cut", "unplug", "lost-answer"),
    *("new-serial", "swap", "shrink", "hang"),
)
_SANITIZES = ("BLOCK_ERASE", "CRYPTO_SCRAMBLE", "OVERWRITE")


def _some(random: Random, things: tuple[Any, ...], each: float) -> list[Any]:
    return [one for one in things if random.random() < each]


def _rarely(random: Random, words: dict[str, Any], share: float, **more: Any) -> None:
    if random.random() < share:
        words.update(more)


def _ata(random: Random, faulty: bool) -> dict[str, Any]:
    kind = random.choice(("hdd", "ssd"))
    words: dict[str, Any] = {"kind": kind, "sanitize_s": random.choice((0.5, 3.0, 8.0))}
    features = ["SMART", *_some(random, _SANITIZES, 0.6)]
    if random.random() < 0.8:
        features += ["SECURITY", *_some(random, ("ENHANCED_ERASE",), 0.6)]
    which = random.choice(("HPA", "HPA", "AMAC", ""))
    features += [which] if which else []
    hidden = 0
    if which and random.random() < 0.25:
        hidden = random.choice((8, 128))
        words[f"{which.lower()}_sectors"] = hidden
    if which != "AMAC" and random.random() < 0.3:
        features.append("DCO")
        _rarely(random, words, 0.4, dco_sectors=64)
    words["features"] = features
    security: dict[str, Any] = {}
    _rarely(random, security, 0.15, frozen=True, thaws_on_resume=random.random() < 0.8)
    _rarely(random, security, 0.05, user_password="secret", frozen=False)
    if security:
        words["security"] = security
    _rarely(random, words, 0.1, sanitize_frozen=True)
    if faulty:
        words["faults"] = [random.choice(ATA_FAULTS)]
    _rarely(random, words, 0.3, keeps_success=True)
    _rarely(random, words, 0.1, sas=True)
    _rarely(random, words, 0.08, fixed_sense=True)
    _rarely(random, words, 0.12, no_registers=True)
    _rarely(random, words, 0.1, tail_sectors=random.choice((8, 64)))
    _bad(random, words, 1024)
    return words


def _bad(random: Random, words: dict[str, Any], sectors: int) -> None:
    if random.random() < 0.08:
        first = random.randrange(sectors - 8)
        words[random.choice(("bad_reads", "bad_writes"))] = [[first, first + random.choice((1, 8))]]
    _rarely(random, words, 0.04, crypto_leaves=random.choice((512, 2048, 8192, 65536)))


def _scsi(random: Random, faulty: bool) -> dict[str, Any]:
    words: dict[str, Any] = {
        "kind": random.choice(("hdd", "ssd")),
        "sanitize_s": random.choice((0.5, 3.0, 8.0)),
        "sanitizes": _some(random, (1, 2, 3), 0.7),
    }
    _rarely(random, words, 0.1, reports_opcodes=False)
    _rarely(random, words, 0.2, hides_capacity=True)
    if faulty:
        words["faults"] = [random.choice(SANITIZE_FAULTS)]
    _bad(random, words, 1024)
    return words


def _nvme(random: Random, faulty: bool) -> dict[str, Any]:
    words: dict[str, Any] = {
        "sanitize_s": random.choice((0.5, 2.0, 6.0)),
        "format_s": random.choice((0.0, 1.0)),
        "sanicap": _some(random, ("CRYPTO_ERASE", "BLOCK_ERASE", "OVERWRITE"), 0.5),
        "oacs": _some(random, ("FORMAT",), 0.9) + _some(random, ("NAMESPACE_MANAGEMENT",), 0.8),
        "fna": _some(random, ("CRYPTO",), 0.7) + _some(random, ("ERASE_ALL", "FORMAT_ALL"), 0.2),
    }
    if random.random() < 0.3:
        words["namespaces"] = [{}, {"attached": random.random() < 0.4}]
    _rarely(random, words, 0.2, unallocated_mib=1)
    if random.random() < 0.3:
        words["sanicap"] = []
    elif words["sanicap"] and random.random() < 0.3:
        words["sanicap"].append("PURGE_REPORTED")
    if random.random() < 0.15:
        words["opal"] = {"lies": faulty, "locked": random.random() < 0.3}
    elif faulty:
        words["faults"] = [random.choice(NVME_FAULTS)]
        if words["faults"] == ["SANITIZE_CLEARS"]:  # of a drive that would tell
            words["sanicap"] = ["BLOCK_ERASE", "PURGE_REPORTED"]
    return words


def _mmc(random: Random, faulty: bool) -> dict[str, Any]:
    words: dict[str, Any] = {
        "boot": random.random() < 0.8,
        "general": random.choice((0, 0, 1)),
        "features": random.choice((0x51, 0x11, 0x01, 0x50, 0x10, 0x00)),
        "erased_ones": random.random() < 0.3,
    }
    _rarely(random, words, 0.2, blank_boot=True)
    if faulty:
        which = random.choice(("lies", "protected", "sanitize"))
        if which == "sanitize":
            words |= {"sanitize_lies": True, "faults": ["MMC_SANITIZE_LIES"]}
        else:
            words[which] = [random.choice(("boot0", "boot1", "gp0", ""))]
    return words


def _usb(random: Random, faulty: bool) -> dict[str, Any]:
    words: dict[str, Any] = {}
    if faulty:
        words["real_sectors"] = random.choice((512, 896))
    return words


_KINDS = {"ata": _ata, "scsi": _scsi, "nvme": _nvme, "mmc": _mmc, "usb": _usb}


def _drive(random: Random, pcs: int, calm: float) -> DriveSpec:
    kind = random.choices(tuple(_KINDS), (30, 15, 30, 15, 10))[0]
    words = _KINDS[kind](random, random.random() > calm)
    troubles: dict[str, str] = {}
    if random.random() > calm:
        for _each in range(random.choice((1, 1, 2))):
            troubles[str(int(random.triangular(1, 150, 20)))] = random.choice(CALLS)
    pc = random.randrange(-1, pcs) if random.random() < 0.2 else random.randrange(pcs)
    _rarely(random, words, 0.3, hides_cache=True)
    _rarely(random, words, 0.05, drops=[[random.randrange(500), random.randrange(500, 600)]])
    transfer_s = random.choice((0.0, 0.01, 0.2, 1.0))
    return DriveSpec(kind, pc, words, troubles, random.random() < 0.4, transfer_s)


def _policy(random: Random) -> dict[str, Any]:
    words: dict[str, Any] = {"sanitize_stuck_after_s": 20, "max_bad_sectors": 4}
    if random.random() < 0.7:
        order = list(ORDER)
        random.shuffle(order)
        order = order[: random.choice((1, 3, 6, len(order)))]
        words["order"] = ["overwrite", *order] if random.random() < 0.4 else order
    _rarely(random, words, 0.2, verify="sample")
    _rarely(random, words, 0.15, minimum="purge")
    _rarely(random, words, 0.1, not_accepted=["relies-on-the-drives-own-word"])
    _rarely(random, words, 0.1, fallbacks=False)
    _rarely(random, words, 0.1, remove_hidden_areas=False)
    _rarely(random, words, 0.5, allow_usb=True)
    return words


_DISTURBANCES = (
    *(("cut", 6), ("pull stick", 6), ("plug stick", 5), ("unplug drive", 3), ("plug drive", 3)),
    *(("stop", 2), ("look", 3), ("clock", 1), ("network", 2), ("letters", 3), ("wait", 3)),
    *(("cut at file", 4), ("bad stick", 2), ("full stick", 1), ("seal", 1), ("confirm", 1)),
    *(("enroll", 1), ("close", 1), ("reuse drive", 2), ("command", 2)),
)


def _disturb(random: Random, often: float) -> list[Act]:
    if random.random() > often:
        return []
    kinds, weights = zip(*_DISTURBANCES, strict=True)
    kind = random.choices(kinds, weights)[0]
    acts = [Act(kind, random.randrange(12), random.randrange(12), random.random())]
    if kind in ("unplug drive", "plug drive") and random.random() < 0.5:
        acts.append(Act("look", acts[0].who))
    return acts


def _visit(random: Random, pcs: int, sticks: int, often: float) -> list[Act]:
    pc, stick = random.randrange(pcs), random.randrange(sticks)
    acts = [Act("start", pc, stick)]
    acts += [Act("until planned", pc), *_disturb(random, often)]
    acts += [Act("look", pc)] if random.random() < 0.1 else []
    acts += [*_disturb(random, often / 2), Act("confirm", pc, 0, random.random())]
    acts += [Act("wait", pc, 0, random.random()), *_disturb(random, often)]
    if random.random() < 0.3:
        acts += [Act("wait", pc, 0, random.random()), *_disturb(random, often)]
    acts += [Act("until ended", pc), *_disturb(random, often)]
    acts += [Act("wait", pc, 0, 0.2), Act("leave", pc)]
    return acts


def _reused(random: Random, pcs: int) -> list[Act]:
    """Cut off; the drive ends alone, is used elsewhere, and comes back."""
    pc, drive = random.randrange(pcs), random.randrange(12)
    acts = [Act("start", pc), Act("until planned", pc), Act("confirm", pc)]
    acts += [Act("wait", pc, 0, 0.7 + random.random() * 0.05), Act("cut", pc)]
    acts += [Act("unplug drive", pc, drive), Act("reuse drive", 0, drive, random.random())]
    return [*acts, Act("plug drive", pc, drive)]


def _commands(random: Random, pcs: int) -> list[Act]:
    """A visit by the command line."""
    pc = random.randrange(pcs)
    acts = [Act("start", pc, random.randrange(4)), Act("until planned", pc)]
    acts += [Act("command", pc, random.randrange(12), random.random()), *_disturb(random, 0.3)]
    return [*acts, Act("wait", pc, 0, 0.8), Act("leave", pc)]


_LATE = (
    *((0.08, twins), (0.06, silent), (0.05, psid_revert), (0.05, docked), (0.06, forgetful)),
    *((0.08, cut_again), (0.08, used_between), (1.0, in_places)),
)


def script_of(seed: int) -> Script:
    random = Random(seed)  # noqa: S311
    pcs = random.choice((1, 1, 2, 3))
    sticks = random.choice((1, 1, 2))
    calm = random.choice((1.0, 0.6, 0.3))
    often = random.choice((0.0, 0.3, 0.6, 0.9))
    made = tuple(
        PcSpec(
            told=random.random() < 0.8,
            deep=random.random() < 0.7,
            clock_wrong_s=0.0 if random.random() < 0.6 else random.uniform(-1e6, 1e6),
            clock_dead=random.random() < 0.15,
            hides="remapped_nvme=1" if random.random() < 0.05 else "",
        )
        for _each in range(pcs)
    )
    drives = [_drive(random, pcs, calm) for _each in range(random.choice((1, 1, 2, 3, 4)))]
    acts = [Act("enroll", 0)] if random.random() < 0.8 else []
    if random.random() < 0.1:
        acts += _reused(random, pcs)
    if random.random() < 0.2:
        acts += _commands(random, pcs)
    for _each in range(random.choice((1, 2, 3, 5))):
        acts += _visit(random, pcs, sticks, often)
    eager, policy = random.choice((0.02, 0.2, 0.6)), _policy(random)
    unattended = (1,) if random.random() < 0.35 else ()
    old = Random(f"{seed} aes")  # noqa: S311 - see below
    made = tuple(replace(one, aes=old.random() < 0.5) for one in made)
    more = Random(f"{seed} more")  # noqa: S311 - what came later leaves the older seeds as they were
    for share, story in _LATE:
        if more.random() < share:
            story(more, drives, acts)
    return Script(
        seed=seed,
        eager=eager,
        policy=policy,
        pcs=made,
        sticks=sticks,
        unattended=unattended,
        drives=tuple(drives),
        acts=(*acts, Act("heal")),
    )
