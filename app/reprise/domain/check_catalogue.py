"""The catalogue of function checks: which there are, and which PCs they apply to."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import StrEnum

from reprise.domain.checks import CheckId, CheckKind, CheckReason, CheckResult, CheckStatus
from reprise.domain.hardware import Inventory


class Expected(StrEnum):
    """On which PCs a part must be."""

    ALWAYS = "on-every-pc"
    BUILT_IN = "on-portable-pcs"  # elsewhere it is the bench's, not the PC's
    IF_FOUND = "where-found"


@dataclass(frozen=True, slots=True)
class CheckSpec:
    """One entry of the catalogue. `essential`: see grading. `lasting`: a later pass does not undo
    a failure, as such faults come and go. `disturbs`: takes processor and memory from an erasure,
    so the two never run at once."""

    check: CheckId
    kind: CheckKind
    expected: Expected
    essential: bool = False
    lasting: bool = False
    disturbs: bool = False


_AUTOMATIC, _GUIDED = CheckKind.AUTOMATIC, CheckKind.GUIDED

CATALOGUE: tuple[CheckSpec, ...] = (
    CheckSpec(
        CheckId.MEMORY, _AUTOMATIC, Expected.ALWAYS, essential=True, lasting=True, disturbs=True
    ),
    CheckSpec(
        CheckId.PROCESSOR, _AUTOMATIC, Expected.ALWAYS, essential=True, lasting=True, disturbs=True
    ),
    CheckSpec(CheckId.BATTERY, _AUTOMATIC, Expected.BUILT_IN),
    CheckSpec(CheckId.CLOCK, _AUTOMATIC, Expected.ALWAYS),
    CheckSpec(CheckId.ETHERNET, _AUTOMATIC, Expected.IF_FOUND),
    CheckSpec(CheckId.WIFI, _AUTOMATIC, Expected.BUILT_IN),
    CheckSpec(CheckId.CAMERA, _AUTOMATIC, Expected.IF_FOUND),
    CheckSpec(CheckId.KEYBOARD, _GUIDED, Expected.BUILT_IN, essential=True),
    CheckSpec(CheckId.SCREEN, _GUIDED, Expected.BUILT_IN, essential=True),
    CheckSpec(CheckId.POINTER, _GUIDED, Expected.BUILT_IN, essential=True),
    CheckSpec(CheckId.USB, _GUIDED, Expected.ALWAYS),
    CheckSpec(CheckId.SOUND, _GUIDED, Expected.BUILT_IN),
    CheckSpec(CheckId.MICROPHONE, _GUIDED, Expected.IF_FOUND),
)

# SMBIOS chassis words (DSP0134 7.4.1, as dmidecode spells them) of PCs that carry their keyboard,
# pointer and battery; an all-in-one carries its screen.
_PORTABLE = frozenset(
    ("Portable", "Laptop", "Notebook", "Sub Notebook", "Convertible", "Detachable", "Tablet")
)
_ALL_IN_ONE = "All In One"
_FIXED = frozenset(
    (
        *("Desktop", "Low Profile Desktop", "Pizza Box", "Mini Tower", "Tower", "Space-saving"),
        *("Lunch Box", "Mini PC", "Stick PC", "Main Server Chassis", "Rack Mount Chassis"),
        *("Blade", "Sealed-case PC", "Multi-system"),
        _ALL_IN_ONE,
    )
)
_PANELS = ("eDP", "LVDS", "DSI")  # the kernel's names of connectors inside a PC


def spec(check: CheckId) -> CheckSpec:
    return next(one for one in CATALOGUE if one.check is check)


def is_portable(inventory: Inventory) -> bool:
    """Also where the kind of case is unknown and a battery or a built-in panel was found."""
    chassis = inventory.machine.chassis or ""
    if chassis in _PORTABLE:
        return True
    return chassis not in _FIXED and (bool(inventory.batteries) or _has_panel(inventory))


def _has_panel(inventory: Inventory) -> bool:
    return any(one.connector.startswith(_PANELS) for one in inventory.displays)


def is_expected(check: CheckId, inventory: Inventory) -> bool:
    """Whether a PC of this kind must have the part. That it was found decides otherwise."""
    expected = spec(check).expected
    if expected is Expected.BUILT_IN:
        own_screen = _has_panel(inventory) or inventory.machine.chassis == _ALL_IN_ONE
        return is_portable(inventory) or (check is CheckId.SCREEN and own_screen)
    return expected is Expected.ALWAYS


def is_found(check: CheckId, inventory: Inventory) -> bool | None:
    """What the inventory says of the part; None where it does not look for it."""
    if check is CheckId.BATTERY:
        return bool(inventory.batteries)
    if check in (CheckId.ETHERNET, CheckId.WIFI):
        return any(card.kind == check.value for card in inventory.network)
    return None


def applies(check: CheckId, inventory: Inventory) -> bool:
    """Whether the check is to be made on this PC.

    A keyboard, a screen or a mouse beside a desktop PC is the bench's and says nothing of the PC;
    sound, microphone and camera are looked for, as only their own check can tell.
    """
    if is_expected(check, inventory) or is_found(check, inventory):
        return True
    return check in (CheckId.SOUND, CheckId.MICROPHONE, CheckId.CAMERA)


def not_fitted(check: CheckId) -> CheckResult:
    return CheckResult(
        check=check, status=CheckStatus.NOT_APPLICABLE, reason=CheckReason.NOT_FITTED
    )


def settled(result: CheckResult, inventory: Inventory) -> CheckResult:
    """A part that was not found is no fault of a PC that need not have it."""
    absent = result.status is CheckStatus.UNKNOWN and result.reason is CheckReason.NONE_FOUND
    if absent and not is_expected(result.check, inventory):
        return replace(result, status=CheckStatus.NOT_APPLICABLE)
    return result


def merged(before: Iterable[CheckResult], result: CheckResult) -> tuple[CheckResult, ...]:
    """One result a check: the newest, but a failure that lasts stays whatever comes after."""
    kept = {one.check: one for one in before}
    old = kept.get(result.check)
    lasts = spec(result.check).lasting and old is not None and old.status is CheckStatus.FAILED
    if not lasts:
        kept[result.check] = result
    return tuple(kept[one.check] for one in CATALOGUE if one.check in kept)


def complete(results: Iterable[CheckResult], inventory: Inventory) -> tuple[CheckResult, ...]:
    """One result for each check of the catalogue: what nobody made is UNKNOWN, or not applicable
    on such a PC."""
    known = {one.check: one for one in results}
    return tuple(known.get(one.check) or _without(one.check, inventory) for one in CATALOGUE)


def _without(check: CheckId, inventory: Inventory) -> CheckResult:
    if not applies(check, inventory):
        return not_fitted(check)
    return CheckResult(check=check, status=CheckStatus.UNKNOWN, reason=CheckReason.NOT_DONE)
