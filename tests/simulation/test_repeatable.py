"""The same seed gives the same story, journals, reports and cells, to the byte."""

from __future__ import annotations

from simulation.run import play_alone
from simulation.seeds import script_of


def test_twice() -> None:
    for seed in (3, 8, 21):
        script = script_of(seed)
        one, two = play_alone(script), play_alone(script)
        assert one.digest == two.digest
        assert one.story == two.story
        assert one.counts == two.counts
