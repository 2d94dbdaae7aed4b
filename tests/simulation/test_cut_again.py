"""Power that goes while a drive erases itself: what the next starts make of it."""

from __future__ import annotations

from random import Random

import pytest

from reprise.domain.planning.techniques import Verdict
from simulation.counting import required
from simulation.late_seeds import SANITIZES, cut_again
from simulation.play import Played
from simulation.run import play_apart
from simulation.script import Act, DriveSpec, PcSpec, Script

VISIT = tuple(Act(kind) for kind in ("start", "until planned", "confirm", "until ended", "leave"))
AGAIN = f"re-attached again {Verdict.VERIFIED}"


def played(drives: list[DriveSpec], acts: list[Act]) -> Played:
    policy = {"sanitize_stuck_after_s": 20}
    script = Script(5, 0.2, policy, (PcSpec(),), 2, (), tuple(drives), (*acts, Act("heal")))
    found = play_apart(script)
    assert not found.rule, "\n".join([found.text, *found.story])
    return found


@pytest.mark.parametrize("seed", [4, 10, 28])
def test_what_sanitizes_itself_comes_to_its_proof_after_several_cuts(seed: int) -> None:
    """The long run must meet it, too (counting.required)."""
    drives: list[DriveSpec] = []
    acts = list(VISIT)
    cut_again(Random(seed), drives, acts)  # noqa: S311
    assert not drives[0].words.get("faults"), "another seed for an honest drive"
    found = played(drives, acts)
    assert found.counts["session: cut"] >= 2
    assert found.counts[AGAIN] == 1, "\n".join(found.story)
    assert AGAIN in required()


@pytest.mark.parametrize("use", ["reuse drive", "use drive"])
@pytest.mark.parametrize("kind", ["nvme", "ata", "scsi"])
def test_what_sanitizes_itself_can_be_used_by_nobody_before_its_end(kind: str, use: str) -> None:
    """Marks that the next user wrote over prove nothing: this drive erases none of them."""
    words = {**SANITIZES[kind], "sanitize_s": 200.0, "faults": ["SANITIZE_LIES"]}
    cut = [*VISIT[:3], Act("wait", 0, 0, 0.65), Act("cut"), Act("unplug drive")]
    used = [Act(use, 0, 0, 0.9), Act("plug drive")]
    found = played([DriveSpec(kind, 0, words)], [*cut, *used, *VISIT])
    assert found.counts[f"act: {use}"] == 1
    told = "\n".join(found.story)
    assert f"{kind}-sanitize" in told and " purge " not in told, told


def test_a_format_that_was_cut_off_does_not_go_on() -> None:
    """The drive is half erased, takes writes again, and all of it is searched."""
    words = {"format_s": 1000.0, "sanicap": [], "oacs": ["FORMAT"], "fna": []}
    cut = [*VISIT[:3], Act("wait", 0, 0, 0.6), Act("cut")]
    drive = DriveSpec("nvme", 0, words)
    found = played([drive], [*cut, *VISIT])
    assert found.counts["session: cut"] == 1
    told = "\n".join(found.story)
    assert told.count("is erasing by nvme-format-user-data-erase") == 2, told
    assert "is sanitized by nvme-format-user-data-erase" in told, told
