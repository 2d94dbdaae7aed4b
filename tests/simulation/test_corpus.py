"""Scripts that once broke a rule, each shrunk to what matters: none may break one again."""

from __future__ import annotations

from pathlib import Path

import pytest

from simulation.run import play_apart
from simulation.script import from_json

KEPT = sorted(Path(__file__).with_name("corpus").glob("*.json"))


@pytest.mark.parametrize("path", KEPT, ids=lambda path: path.stem)
def test_once_broken(path: Path) -> None:
    played = play_apart(from_json(path.read_text("utf-8")))
    assert not played.rule, "\n".join([played.text, *played.story])


def test_there_are_some() -> None:
    assert KEPT
