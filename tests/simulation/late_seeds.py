"""What was put into the deck later: drives that an identity, or a look, can be wrong about; and the
one technique that only the command line has; power that goes again and again; and a drive that is
used a little between two sessions."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

from simulation.script import Act, DriveSpec

# What an identity or a look can be wrong about, and nothing of what a drive does by itself: a
# technique of one twin that goes on alone cannot be told from one of the other's.
_OF_A_TWIN = ("kind", "bad_reads", "bad_writes", "tail_sectors", "hides_cache", "sas")


def twins(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    """Two drives that tell the same of themselves, in the PC that is started first."""
    first = next((at for at, act in enumerate(acts) if act.kind == "until planned"), None)
    known = [at for at, one in enumerate(drives) if one.kind in ("ata", "scsi")]
    if first is None or not known:
        return
    at, pc = random.choice(known), acts[first].who
    words = {name: drives[at].words[name] for name in _OF_A_TWIN if name in drives[at].words}
    plain = {"features": ["SMART"]} if drives[at].kind == "ata" else {"sanitizes": []}
    words |= {**plain, "serial": "AA00000000000489", "no_wwn": True}
    troubles = {call: what for call, what in drives[at].troubles.items() if what != "swap"}
    drives[at] = replace(drives[at], pc=pc, words=words, troubles=troubles)
    drives.append(replace(drives[at], troubles={}))
    if random.random() < 0.7:
        acts[first + 1 : first + 1] = [
            Act("unplug drive", pc, random.randrange(12)),
            Act("look", pc),
        ]


def silent(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    at = random.randrange(len(drives))
    drives[at] = replace(drives[at], words={**drives[at].words, "silent": True})
    first = next((at for at, act in enumerate(acts) if act.kind == "until planned"), None)
    if first is not None and random.random() < 0.7:
        pc = acts[first].who
        acts[first + 1 : first + 1] = [
            Act("unplug drive", pc, random.randrange(12)),
            *([Act("plug drive", pc, random.randrange(12))] if random.random() < 0.3 else []),
            Act("look", pc),
        ]


def docked(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    """Two plain drives in the PC that is started first; one is plugged in again by USB before a new
    look. A third may tell the same of itself as one of them, and hang on USB from the start."""
    first = next((at for at, act in enumerate(acts) if act.kind == "until planned"), None)
    if first is None:
        return
    pc, twin = acts[first].who, random.random() < 0.4
    plain = {"sanitizes": [] if twin else [1, 2, 3], "no_wwn": True}  # see _OF_A_TWIN
    names = ("AA00000000000489", "AA00000000000490")
    made = [DriveSpec("scsi", pc, {**plain, "serial": name}) for name in names]
    if twin:
        made.append(DriveSpec("scsi", pc, {**plain, "serial": names[1], "docked": True}))
    drives[:] = made
    moves = random.choices(("dock drive", "unplug drive"), (3, 1))
    taken = [Act(kind, pc, random.randrange(12)) for kind in moves]
    acts[first + 1 : first + 1] = [*taken, Act("look", pc)]


def psid_revert(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    """One drive with TCG Opal, reverted by the command line in the PC that is started first. The
    station in that PC waits for somebody to confirm its own plan."""
    first = next((at for at, act in enumerate(acts) if act.kind == "until planned"), None)
    if first is None:
        return
    pc = acts[first].who
    opal = {"lies": random.random() < 0.4, "locked": random.random() < 0.3}
    words = {"sanitize_s": 0.5, "format_s": 0.0, "sanicap": [], "oacs": ["FORMAT"], "opal": opal}
    trouble = {str(random.randrange(1, 60)): random.choice(("eio", "lost-answer", "hang"))}
    troubles = trouble if random.random() < 0.5 else {}
    drives[:] = [DriveSpec("nvme", pc, words, troubles, random.random() < 0.4, 0.01)]
    acts.insert(first + 1, Act("command", pc, 0, random.random() * 0.6))


def forgetful(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    """A drive that has something to tell when it is planned, and loses answers after that."""
    first = next((at for at, act in enumerate(acts) if act.kind == "until planned"), None)
    if first is None:
        return
    pc, at = acts[first].who, random.randrange(len(drives))
    purges = {"sanitize_s": 0.5, "oacs": ["FORMAT"], "sanicap": ["BLOCK_ERASE", "PURGE_REPORTED"]}
    larger = {"features": ["SMART"], "sas": True, "tail_sectors": random.choice((8, 128))}
    told = random.choice((DriveSpec("nvme", pc, purges), DriveSpec("ata", pc, larger)))
    drives[at] = told if random.random() < 0.7 else replace(drives[at], pc=pc)
    acts.insert(first + 1, Act("lose answers", pc, random.randrange(48), random.random()))


SANITIZES: dict[str, dict[str, Any]] = {
    "nvme": {"format_s": 0.0, "sanicap": ["CRYPTO_ERASE", "BLOCK_ERASE"], "oacs": ["FORMAT"]},
    "ata": {"kind": "ssd", "features": ["SMART", "BLOCK_ERASE", "CRYPTO_SCRAMBLE", "SECURITY"]},
    "scsi": {"kind": "ssd", "sanitizes": [1, 2, 3]},
}
_LIES = ("SANITIZE_LIES", "SANITIZE_FAILS_KEEPS_DATA", "SANITIZE_STUCK", "SANITIZE_UNMAPS_ONLY")


def cut_again(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    """A drive that sanitizes itself for long, in the PC that is started first; its power goes more
    than once meanwhile. Perhaps another stick, the command line or other hands are at it too."""
    first = next((at for at, act in enumerate(acts) if act.kind == "start"), None)
    if first is None:
        return
    pc, kind = acts[first].who, random.choices(tuple(SANITIZES), (4, 4, 1))[0]
    words = {**SANITIZES[kind], "sanitize_s": random.choice((60.0, 200.0, 600.0))}
    if random.random() < 0.4:
        words["faults"] = [random.choice(_LIES)]
    drives[:] = [DriveSpec(kind, pc, words, {}, random.random() < 0.3)]
    cuts = random.choice((2, 2, 3))
    between = random.randrange(cuts) if random.random() < 0.4 else -1
    visits = [
        act
        for at in range(cuts)
        for act in (*_cut_off(random, pc, 0), *(_other_hands(random, pc) if at == between else ()))
    ]
    end = (*_begun(pc, 0), Act("until ended", pc), Act("wait", pc, 0, 0.2), Act("leave", pc))
    acts[first:first] = [*visits, *end]


# What nothing but an overwrite erases.
PLAIN: dict[str, dict[str, Any]] = {
    "ata": {"features": ["SMART"]},
    "nvme": {"sanicap": [], "oacs": [], "fna": []},
    "scsi": {"sanitizes": []},
}


def used_between(random: Random, drives: list[DriveSpec], acts: list[Act]) -> None:
    """A slow drive, in the PC that is started first; its overwrite is cut off and goes on, maybe
    more than once; somebody writes to a few places of it meanwhile. It may drop what is written."""
    first = next((at for at, act in enumerate(acts) if act.kind == "start"), None)
    if first is None:
        return
    pc, kind = acts[first].who, random.choice(tuple(PLAIN))
    words = dict(PLAIN[kind])
    if random.random() < 0.3:
        lost = random.randrange(900)
        words["drops"] = [[lost, lost + random.randint(1, 100)]]
    caches, transfer_s = random.random() < 0.3, random.choice((0.2, 1.0, 3.0))
    drives[:] = [DriveSpec(kind, pc, words, {}, caches, transfer_s)]
    visits: list[Act] = []
    for _each in range(random.choice((1, 2, 2, 3))):
        visits += [*_begun(pc, 0), Act("wait", pc, 0, random.uniform(0.05, 1.0)), Act("cut", pc)]
        visits += [Act("unplug drive", pc), Act("use drive", 0, 0, random.random())]
        visits.append(Act("plug drive", pc))
    end = (*_begun(pc, 0), Act("until ended", pc), Act("wait", pc, 0, 0.2), Act("leave", pc))
    acts[first:first] = [*visits, *end]


def in_places(random: Random, _drives: list[DriveSpec], acts: list[Act]) -> None:
    """Half of those who use a drive again do not fill it."""
    for at, act in enumerate(acts):
        if act.kind == "reuse drive" and random.random() < 0.5:
            acts[at] = replace(act, kind="use drive")


def _begun(pc: int, stick: int) -> tuple[Act, ...]:
    return (Act("start", pc, stick), Act("until planned", pc), Act("confirm", pc))


def _cut_off(random: Random, pc: int, stick: int) -> tuple[Act, ...]:
    """Mostly once the drive has taken the command."""
    return (*_begun(pc, stick), Act("wait", pc, 0, random.uniform(0.3, 0.7)), Act("cut", pc))


def _other_hands(random: Random, pc: int) -> tuple[Act, ...]:
    what = random.choice(("stick", "command", "reuse"))
    if what == "stick":
        return _cut_off(random, pc, 1)
    if what == "command":
        return (*_begun(pc, 1)[:2], Act("command", pc, 0, random.random()), Act("cut", pc))
    drive = (Act("unplug drive", pc), Act("reuse drive", 0, 0, random.random()))
    return (*drive, Act("plug drive", pc))
