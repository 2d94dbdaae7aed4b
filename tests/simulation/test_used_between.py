"""A drive that somebody used in a few places between a cut and the next start: what an overwrite
goes on from is not there any more."""

from __future__ import annotations

import multiprocessing
from collections import Counter
from random import Random

import pytest

from reprise.domain.planning.techniques import Verdict
from simulation.counting import required
from simulation.late_seeds import PLAIN, used_between
from simulation.patching import forget
from simulation.play import play
from simulation.run import play_apart, stage
from simulation.script import Act, DriveSpec, PcSpec, Script

BEGUN = tuple(Act(kind) for kind in ("start", "until planned", "confirm"))
VISIT = (*BEGUN, Act("until ended"), Act("leave"))
NEAR_THE_START = 0.2  # Act.how of one place that is not looked at before it goes on
SEEDS = range(1, 25)


def script(drives: list[DriveSpec], acts: list[Act]) -> Script:
    policy, heal = {"sanitize_stuck_after_s": 20}, Act("heal")
    return Script(5, 0.2, policy, (PcSpec(),), 2, (), tuple(drives), (*acts, heal))


@pytest.mark.parametrize("kind", sorted(PLAIN))
def test_it_is_overwritten_from_its_start(kind: str) -> None:
    cut = [*BEGUN, Act("wait", 0, 0, 0.73), Act("cut"), Act("unplug drive")]
    used = [Act("use drive", 0, 0, NEAR_THE_START), Act("plug drive")]
    drive = DriveSpec(kind, 0, PLAIN[kind], transfer_s=1.0)
    found = play_apart(script([drive], [*cut, *used, *VISIT]))
    told = "\n".join([found.text, *found.story])
    assert not found.rule, told
    assert found.counts["act: use drive"] == 1
    assert found.counts["seen: readback-mismatch"] == 1, told
    assert found.counts[f"begun anew {Verdict.VERIFIED}"] == 1, told


def _of_seed(seed: int) -> Script:
    drives, acts = list[DriveSpec](), list(VISIT)
    used_between(Random(seed), drives, acts)  # noqa: S311
    return script(drives, acts)


def _met() -> Counter[str]:
    met = Counter[str]()
    with stage() as folder:
        for found in (play(_of_seed(seed), folder) for seed in SEEDS):
            forget()
            assert not found.rule, "\n".join([found.text, *found.story])
            met.update(found.counts)
    return met


def test_the_story_comes_to_each_end_that_a_long_run_must_meet() -> None:
    with multiprocessing.Pool(1) as pool:
        met = pool.apply(_met)
    wanted = [name for name in required() if name.startswith("begun anew ")]
    assert len(wanted) == 3
    assert all(met[name] for name in wanted), met
