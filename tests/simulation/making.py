"""From a script's words to the things of the world."""

from __future__ import annotations

from collections.abc import Callable
from copy import deepcopy
from random import Random
from typing import Any

from lab.ata.config import AtaConfig, Feature, Security
from lab.faults import Fault
from lab.nvme.codes import Fna, Oacs, Sanicap
from lab.nvme.config import NamespaceConfig, NvmeConfig, NvmeFault
from lab.nvme.opal import Tper
from lab.scsi.config import ScsiConfig
from reprise.domain.pc.hardware import Transport
from reprise.domain.planning.plan import LimitationCode
from reprise.domain.planning.policy import DEFAULT_ORDER, Minimum, Policy
from reprise.domain.planning.techniques import Method, Technique, VerifyDepth
from simulation.cells import Place
from simulation.drives import Deck, SimDrive, leave_text
from simulation.drives_ata import AtaDrive, Way
from simulation.drives_mmc import MmcConfig, MmcDrive
from simulation.drives_nvme import NvmeDrive
from simulation.drives_scsi import ScsiDrive, UsbDrive
from simulation.script import DriveSpec

Words = dict[str, Any]

# Lies that no host sees, and where they leave data: the limitations beside the verdict
# (relies-on-the-drives-own-word, nvme-detached-namespaces-not-read-back) say so.
_UNSEEN = {
    "SANITIZE_LEAVES_SPARE": Place.SPARE,
    "SANITIZE_UNMAPS_ONLY": Place.SPARE,
    "ENHANCED_ERASE_LEAVES_SPARE": Place.SPARE,
    "FORMAT_LEAVES_SPARE": Place.SPARE,
    "FORMAT_UNMAPS_ONLY": Place.SPARE,
    "SANITIZE_LEAVES_DETACHED": Place.HIDDEN,
    "MMC_SANITIZE_LIES": Place.SPARE,
}


def make_drive(number: int, spec: DriveSpec, seed: int) -> SimDrive:
    random = Random(f"{seed} {number}")  # noqa: S311
    faults = tuple(spec.words.get("faults", ()))
    deck = Deck(
        at={int(call): what for call, what in spec.troubles.items()},
        traits=traits_of(spec),
        hidden_lies=frozenset(_UNSEEN[one] for one in faults if one in _UNSEEN),
    )
    words = deepcopy(spec.words)
    drops, text = words.pop("drops", []), words.pop("crypto_leaves", 0)
    hides_cache, no_wwn = words.pop("hides_cache", False), words.pop("no_wwn", False)
    silent, docked = words.pop("silent", False), words.pop("docked", False)
    drive = _MAKERS[spec.kind](number, random, words, deck)
    drive.caches, drive.transfer_s = spec.caches, spec.transfer_s
    drive.hides_cache, drive.no_wwn, drive.silent = hides_cache, no_wwn, silent
    drive.transport = Transport.USB if docked else drive.transport
    drive.drops = [(first, end) for first, end in drops]
    for media in drive.user_media() if text else ():
        leave_text(media, text, random)
    return drive


def traits_of(spec: DriveSpec) -> tuple[str, ...]:
    """Names for the counts: each lie, and whatever else is not as on a plain good drive."""
    words = spec.words
    found = [f"{spec.kind} {fault}" for fault in words.get("faults", ())]
    found += [f"{spec.kind} {name}" for name in _TRAITS if words.get(name)]
    found += [
        f"{spec.kind} {name}" for name in ("frozen", "user_password") if _secured(words, name)
    ]
    if any(one.get("attached") is False for one in words.get("namespaces", ())):
        found.append("nvme detached namespace")
    if words.get("opal", {}).get("lies"):
        found.append("nvme opal lies")
    return (*found, *(["cache"] if spec.caches else []))


def _secured(words: Words, name: str) -> bool:
    return bool(words.get("security", {}).get(name))


_TRAITS = (
    *("drops", "crypto_leaves", "tail_sectors", "no_registers", "fixed_sense", "sas"),
    *("keeps_success", "hides_cache", "real_sectors", "lies", "protected", "bad_reads"),
    *("bad_writes", "sanitize_frozen", "hpa_sectors", "dco_sectors", "amac_sectors"),
    *("hides_capacity", "unallocated_mib", "opal", "blank_boot", "general", "no_wwn"),
)


def _flags(kind: Any, names: list[str]) -> Any:
    found = kind(0)
    for name in names:
        found |= kind[name]
    return found


def _ranges(words: Words, *names: str) -> None:
    for name in names:
        if name in words:
            words[name] = tuple(range(first, end) for first, end in words[name])


def _ata(number: int, random: Random, words: Words, deck: Deck) -> SimDrive:
    words["faults"] = frozenset(Fault[one] for one in words.get("faults", ()))
    if "features" in words:
        words["features"] = _flags(Feature, words["features"])
    security = words.pop("security", {})
    if security.get("user_password"):
        security = {**security, "user_password": security["user_password"].encode()}
    _ranges(words, "bad_reads", "bad_writes")
    ways = ("tail_sectors", "no_registers", "fixed_sense", "sas", "keeps_success")
    way = Way(**{name: words.pop(name) for name in ways if name in words})
    config = AtaConfig(**_with_serial(number, words), security=Security(**security))
    return AtaDrive(number, random, config, deck, way)


def _with_serial(number: int, words: Words) -> Words:
    plain = {"serial": f"HW{number:06d}", "sectors": 1024, "spare_sectors": 64}
    return {**plain, **words}


def _scsi_config(number: int, words: Words) -> ScsiConfig:
    words["faults"] = frozenset(Fault[one] for one in words.get("faults", ()))
    if "sanitizes" in words:
        words["sanitizes"] = frozenset(words["sanitizes"])
    _ranges(words, "bad_reads", "bad_writes")
    return ScsiConfig(**_with_serial(number, words))


def _scsi(number: int, random: Random, words: Words, deck: Deck) -> SimDrive:
    return ScsiDrive(number, random, _scsi_config(number, words), deck)


def _usb(number: int, random: Random, words: Words, deck: Deck) -> SimDrive:
    real = words.pop("real_sectors", 0)
    words = {"sanitizes": [], "vendor": "Generic", "product": "Flash Disk", **words}
    return UsbDrive(number, random, _scsi_config(number, words), deck, real)


def _nvme(number: int, random: Random, words: Words, deck: Deck) -> SimDrive:
    words["faults"] = frozenset(NvmeFault[one] for one in words.get("faults", ()))
    for name, kind in (("oacs", Oacs), ("fna", Fna), ("sanicap", Sanicap)):
        if name in words:
            words[name] = _flags(kind, words[name])
    opal = words.pop("opal", None)
    spaces = words.pop("namespaces", [{}])
    made = tuple(
        NamespaceConfig(**{"nsid": at, "mib": 1, "spare_sectors": 64, **one})
        for at, one in enumerate(spaces, 1)
    )
    words = {"serial": f"HW{number:06d}", **words, "namespaces": made}
    drive = NvmeDrive(number, random, NvmeConfig(**words), deck)
    if opal is not None:
        locked = opal.pop("locked", False)
        drive.opal = Tper(**opal)
        drive.opal._drive = drive
        drive.opal.locked = locked
    return drive


def _mmc(number: int, random: Random, words: Words, deck: Deck) -> SimDrive:
    words.pop("faults", None)
    for name in ("lies", "protected"):
        words[name] = frozenset(words.get(name, ()))
    config = MmcConfig(**{"serial": f"0x{number:08x}", **words})
    return MmcDrive(number, random, config, deck)


_MAKERS: dict[str, Callable[[int, Random, Words, Deck], SimDrive]] = {
    "ata": _ata,
    "scsi": _scsi,
    "nvme": _nvme,
    "mmc": _mmc,
    "usb": _usb,
}


def make_policy(words: Words) -> Policy:
    plain = dict(words)
    if "order" in plain:
        plain["order"] = tuple(Technique(one) for one in plain["order"])
    if "verify" in plain:
        plain["verify"] = VerifyDepth(plain["verify"])
    if "minimum" in plain:
        kinds = ("hdd", "ssd", "flash", "unknown")
        plain["minimum"] = Minimum(**dict.fromkeys(kinds, Method(plain["minimum"])))
    if "not_accepted" in plain:
        plain["not_accepted"] = tuple(LimitationCode(one) for one in plain["not_accepted"])
    return Policy(**plain)


ORDER = tuple(str(one) for one in DEFAULT_ORDER)
