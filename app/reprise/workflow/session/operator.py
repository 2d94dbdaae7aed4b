"""Who worked last with this stick, for whom: what the first screen begins with."""

from __future__ import annotations

from dataclasses import dataclass, replace

from reprise.domain.report.events import Operator

# The asset tag is another one on every PC; organisation and place are the settings' alone.
_KEPT = ("name", "lot", "donor")


@dataclass(frozen=True, slots=True)
class Remembered:
    """What was typed, and what the settings said then."""

    typed: Operator
    settings: Operator


def recall(last: Remembered | None, settings: Operator) -> Operator:
    """The settings, with what was typed last where they still say what they said then: who changes
    the settings of a stick wants the new value, whatever was typed before."""
    if last is None:
        return settings
    kept = {
        name: getattr(last.typed, name)
        for name in _KEPT
        if getattr(last.settings, name) == getattr(settings, name)
    }
    return replace(settings, **kept)


def to_remember(typed: Operator, settings: Operator) -> Remembered:
    return Remembered(replace(typed, asset_tag=""), settings)
