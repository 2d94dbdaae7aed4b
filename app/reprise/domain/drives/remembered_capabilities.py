"""What a drive told of itself when it was planned, kept as the plan's text, and joined with what it
tells now: one question that gets no answer takes nothing back that was answered before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import MISSING, Field, fields, replace
from typing import Any, TypeVar

from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    MmcCapabilities,
    NvmeCapabilities,
    OwnWord,
    SanitizeState,
    ScsiCapabilities,
    Support,
)

_FAMILIES = {
    "ata": AtaCapabilities,
    "nvme": NvmeCapabilities,
    "scsi": ScsiCapabilities,
    "mmc": MmcCapabilities,
}
# How it stands at a moment, and what stands beside it: an older answer is none.
_OF_A_MOMENT = frozenset(
    {
        "siblings",
        "namespaces_shown",
        "sanitize_state",
        "security_enabled",
        "security_locked",
        "security_frozen",
        "security_expired",
    }
)
_NO_ANSWER = (None, "", Support.UNKNOWN, SanitizeState.UNKNOWN)

Part = TypeVar("Part", AtaCapabilities, NvmeCapabilities, ScsiCapabilities, MmcCapabilities)


def shown(capabilities: Capabilities) -> dict[str, str]:
    """Flat text for the plan: "ata.security" -> "yes". Facts that are not there are left out."""
    facts: dict[str, str] = {}
    for family in _FAMILIES:
        part = getattr(capabilities, family)
        if part is None:
            continue
        for field in fields(part):
            value = getattr(part, field.name)
            if isinstance(value, Mapping):
                facts |= {f"{family}.{field.name}.{key}": str(v) for key, v in value.items()}
            elif value is not None:
                facts[f"{family}.{field.name}"] = str(value)
    if capabilities.own.by:
        told = ((word.name, getattr(capabilities.own, word.name)) for word in fields(OwnWord))
        facts |= {f"own.{name}": str(value) for name, value in told if value is not None}
    opal = {"opal": capabilities.opal, "opal_open": capabilities.opal_open}
    facts |= {name: str(told) for name, told in opal.items() if told is not Support.UNKNOWN}
    if capabilities.bridged:
        facts["bridged"] = str(Support.YES)
    return facts | {f"raw.{name}": value for name, value in capabilities.evidence.items()}


def told_then(plan: Mapping[str, str]) -> Capabilities:
    """`shown` backwards, from DrivePlan.capabilities. Raises ValueError for what `shown` did not
    make."""
    parts = {
        family: _read(kind, family, plan)
        for family, kind in _FAMILIES.items()
        if any(name.startswith(f"{family}.") for name in plan)
    }
    return Capabilities(
        **parts,
        opal=Support(plan.get("opal", Support.UNKNOWN)),
        opal_open=Support(plan.get("opal_open", Support.UNKNOWN)),
        bridged="bridged" in plan,
        own=_read(OwnWord, "own", plan),
        evidence=_under("raw.", plan),
    )


def _read(kind: type[Any], family: str, plan: Mapping[str, str]) -> Any:
    values = {field.name: _value(field, f"{family}.{field.name}", plan) for field in fields(kind)}
    return kind(**{name: value for name, value in values.items() if value is not None})


def _value(one: Field[Any], name: str, plan: Mapping[str, str]) -> Any:
    """None: it was left out, and has its default."""
    if one.default is MISSING:
        return {key: int(value) for key, value in _under(f"{name}.", plan).items()}
    text = plan.get(name)
    if text is None:
        return None
    if isinstance(one.default, bool):
        return text == str(True)
    return int(text) if one.default is None else type(one.default)(text)


def _under(prefix: str, plan: Mapping[str, str]) -> dict[str, str]:
    return {name.removeprefix(prefix): v for name, v in plan.items() if name.startswith(prefix)}


def joined(before: Capabilities, now: Capabilities) -> Capabilities:
    """What is known of one drive: what it tells now, and where that is no answer what it told
    before, unless that is of a moment. The evidence is of now."""
    ata = _part(before.ata, now.ata)
    return replace(
        now,
        ata=ata,
        nvme=_part(before.nvme, now.nvme),
        # an ATA drive that its adapter shows as a SCSI drive is the former
        scsi=None if ata is not None and ata.known else _part(before.scsi, now.scsi),
        mmc=_part(before.mmc, now.mmc),
        opal=before.opal if now.opal is Support.UNKNOWN else now.opal,
        own=_own(before.own, now.own),
    )


def _part(before: Part | None, now: Part | None) -> Part | None:
    if before is None:
        return now
    now = now or type(before)()
    answers = ((field.name, getattr(now, field.name)) for field in fields(now))
    return replace(
        before,
        **{name: told for name, told in answers if name in _OF_A_MOMENT or _is_answer(told)},
    )


def _is_answer(told: object) -> bool:
    """0 is one."""
    return told not in _NO_ANSWER and told is not False and told != {}


def _own(before: OwnWord, now: OwnWord) -> OwnWord:
    """Only what came by one way can be joined. An ATA drive's own word is above that of the adapter
    that shows it as a SCSI drive, whichever came first."""
    if now.by != before.by:
        return now if not before.by or now.by == "ata" else before
    return OwnWord(
        by=now.by,
        serial=now.serial or before.serial,
        address=now.address or before.address,
        size_bytes=before.size_bytes if now.size_bytes is None else now.size_bytes,
    )
