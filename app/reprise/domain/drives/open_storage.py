"""Which storage that cannot be reached leaves a PC unfinished. Pure."""

from __future__ import annotations

from collections.abc import Iterable

from reprise.domain.drives.unreached import Statement, Unreached, UnreachedKind
from reprise.domain.pc.hardware import Inventory
from reprise.domain.planning.plan import Plan

_KINDS = {kind.value: kind for kind in UnreachedKind}


def reasons(inventory: Inventory | None, plan: Plan | None) -> tuple[Unreached, ...]:
    """Each once, of the inventory and of the plan's warnings, which is all that an older report
    has. A warning whose word is not known counts too."""
    seen = inventory.unreached if inventory is not None else ()
    by_place = {(reason.kind, reason.where): reason for reason in seen}
    for warning in plan.warnings if plan is not None else ():
        reason = _of_warning(warning)
        by_place.setdefault((reason.kind, reason.where), reason)
    return tuple(by_place.values())


def _of_warning(warning: str) -> Unreached:
    word, _colon, place = warning.partition(":")
    kind = _KINDS.get(word)
    if kind is None:
        return Unreached(UnreachedKind.NOT_LISTED, warning)
    return Unreached(kind, place.strip())


def open_reasons(
    inventory: Inventory | None, plan: Plan | None, stated: Iterable[Statement]
) -> tuple[Unreached, ...]:
    """What makes the PC INCOMPLETE whatever became of its drives: the reasons that no operator's
    word answers. A word about another reason at the same place (the controller was exchanged, a
    volume appeared) answers nothing, nor does one about what proves a drive."""
    answered = {statement.about for statement in stated if statement.about.statable}
    return tuple(reason for reason in reasons(inventory, plan) if reason not in answered)
