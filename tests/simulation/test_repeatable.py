"""The same seed gives the same story, journals, reports and cells, to the byte; and a search ends
where it is broken off."""

from __future__ import annotations

import multiprocessing
from contextlib import closing

from simulation.run import play_alone, play_seeds
from simulation.seeds import script_of


def test_twice() -> None:
    for seed in (3, 8, 21):
        script = script_of(seed)
        one, two = play_alone(script), play_alone(script)
        assert one.digest == two.digest
        assert one.story == two.story
        assert one.counts == two.counts


def test_a_search_that_has_found_enough_ends() -> None:
    with closing(play_seeds(1, 1_000_000, 2)) as sessions:
        next(sessions)
    assert not multiprocessing.active_children()
