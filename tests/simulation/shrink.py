"""Makes a failing script as short as it goes, by leaving things out while the same rule is broken.

Delta debugging after Zeller and Hildebrandt, "Simplifying and isolating failure-inducing input"
(2002): halves first, then quarters, down to single things."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from functools import partial
from typing import TypeVar

from simulation.script import Act, DriveSpec, Script

T = TypeVar("T")


def shrink(script: Script, fails: Callable[[Script], bool], seconds: float = 120.0) -> Script:
    """`fails`: whether the same rule is still broken."""
    until_s = time.monotonic() + seconds

    def still(candidate: Script) -> bool:
        return time.monotonic() < until_s and fails(candidate)

    def still_by(of: Script, acts: tuple[Act, ...]) -> bool:
        return still(replace(of, acts=acts))

    before = None
    while before != script:
        before = script
        acts = _less(script.acts, partial(still_by, script))
        script = replace(script, acts=acts)
        for simpler in _simpler(script):
            if still(simpler):
                script = simpler
    return script


def _less(things: tuple[T, ...], fails: Callable[[tuple[T, ...]], bool]) -> tuple[T, ...]:
    size = len(things) // 2
    while size >= 1:
        at = 0
        while at < len(things):
            fewer = things[:at] + things[at + size :]
            if fails(fewer):
                things = fewer
            else:
                at += size
        size //= 2
    return things


def _simpler(script: Script) -> Iterator[Script]:
    """One thing less each. A drive's number is who it is: the last go first."""
    if script.drives and len(script.drives) > 1:
        yield replace(script, drives=script.drives[:-1])
    for at, spec in enumerate(script.drives):
        for other in _plainer(spec):
            yield replace(script, drives=_with(script.drives, at, other))
    if script.unattended:
        yield replace(script, unattended=())
    for key in script.policy:
        yield replace(script, policy={k: v for k, v in script.policy.items() if k != key})
    for at, pc in enumerate(script.pcs):
        plain = type(pc)()
        if pc != plain:
            yield replace(script, pcs=_with(script.pcs, at, plain))


def _plainer(spec: DriveSpec) -> Iterator[DriveSpec]:
    for call in spec.troubles:
        yield replace(spec, troubles={k: v for k, v in spec.troubles.items() if k != call})
    for word in spec.words:
        yield replace(spec, words={k: v for k, v in spec.words.items() if k != word})
    if spec.caches:
        yield replace(spec, caches=False)
    if spec.transfer_s:
        yield replace(spec, transfer_s=0.0)


def _with(things: Sequence[T], at: int, one: T) -> tuple[T, ...]:
    return (*things[:at], one, *things[at + 1 :])
