"""The rate of a drive since its erasure began, as one row of eight levels: a drive that gets slower
or stands still is seen at a glance."""

from __future__ import annotations

from collections.abc import Sequence

from reprise.tui.drawing.glyphs import LEVELS

_KEPT = 256  # samples; two neighbours become one where there are more


class Rates:
    """Samples of one phase. However long it takes, the whole of it is kept, coarser and coarser."""

    def __init__(self) -> None:
        self._samples: list[float] = []
        self._each = 1  # ticks a sample stands for
        self._sum, self._count = 0.0, 0

    def add(self, rate: float) -> None:
        """One more tick; ticks come at even times."""
        self._sum += max(rate, 0.0)
        self._count += 1
        if self._count < self._each:
            return
        self._samples.append(self._sum / self._count)
        self._sum, self._count = 0.0, 0
        if len(self._samples) >= _KEPT:
            self._samples = _halved(self._samples)
            self._each *= 2

    def row(self, width: int) -> str:
        """At most `width` cells, the newest on the right; "" before there are two samples."""
        samples = self._samples
        while len(samples) > width:
            samples = _halved(samples)
        return levels(samples) if len(samples) > 1 else ""


def levels(samples: Sequence[float]) -> str:
    """One cell a sample, of the highest one: full above seven eighths, blank for standstill."""
    top = max(samples, default=0.0)
    if top <= 0:
        return LEVELS[0] * len(samples)
    steps = len(LEVELS) - 1
    return "".join(LEVELS[min(-int(-value * steps // top), steps)] for value in samples)


def _halved(samples: Sequence[float]) -> list[float]:
    """The mean of every two neighbours."""
    return [sum(samples[i : i + 2]) / len(samples[i : i + 2]) for i in range(0, len(samples), 2)]
