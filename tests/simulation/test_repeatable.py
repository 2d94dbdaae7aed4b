"""The same seed gives the same story, journals, reports and cells, to the byte; and a search ends
where it is broken off."""

from __future__ import annotations

import multiprocessing
from contextlib import closing

from reprise.adapters.drives.overwrite import OverwriteSanitizer
from reprise.adapters.drives.surface.watching import Watch
from simulation.run import play_alone, play_seeds, stage
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


def test_what_a_function_took_as_a_default_is_exchanged_too() -> None:
    """By place as well as by name: a watch on the real clock sees no drive hang here."""
    with multiprocessing.Pool(1) as pool:
        checkpoint_bytes, clock = pool.apply(_defaults)
    assert (checkpoint_bytes, clock) == (128 << 10, "simulation.patching")


def _defaults() -> tuple[int, str]:
    with stage():
        (clock,) = Watch.__init__.__defaults__ or ()
        return (OverwriteSanitizer.__init__.__defaults__ or (0,))[0], clock.__module__
