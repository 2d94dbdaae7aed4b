"""What happened, in plain words, with the time of the simulated world."""

from __future__ import annotations

from simulation.baton import baton


class Story:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def tell(self, text: str) -> None:
        self.lines.append(f"{baton().now_s:9.1f} s  {text}")
