"""No report that contradicts itself is called erased, whoever signed it."""

from __future__ import annotations

import secrets
from collections import Counter, defaultdict
from collections.abc import Mapping
from fnmatch import fnmatchcase
from typing import Any

import pytest

from liars.genuine import genuine
from liars.harmless import HARMLESS, MATTERS
from liars.judged import judged
from liars.lying import lie, search, singly
from liars.oracle import contradictions
from reprise.domain.report import report_outcome
from reprise.domain.report.outcome import Outcome

SEEDS = 60
ALTERED = 15_000  # reports
KINDS = 8  # of PCs by how they were erased, at least: the words of one of each are altered singly


@pytest.fixture(scope="module")
def true() -> list[Any]:
    return genuine(1, SEEDS)


def test_true_reports_do_not_contradict_themselves(true: list[Any]) -> None:
    outcomes = Counter(judged(one) for one in true)
    erased = [one for one in true if judged(one) is Outcome.ERASED]
    assert len(erased) > 20
    assert outcomes[Outcome.ERASED] < len(true) - 20, outcomes
    assert not [wrong for one in erased for wrong in contradictions(one)]


def test_a_lie_about_what_was_seen_is_not_believed(true: list[Any]) -> None:
    lies = [lie(one) for one in true if judged(one) not in (Outcome.ERASED, Outcome.NO_DRIVE)]
    assert len(lies) > 20
    assert not [one["report_id"] for one in lies if contradictions(one) and _is_erased(one)]


def _is_erased(document: Any) -> bool:
    return judged(document) is Outcome.ERASED


def test_whatever_is_told_otherwise(true: list[Any]) -> None:
    """At random, from a seed that nobody has tried."""
    seed = secrets.randbelow(1 << 40)
    found = search(true, seed, ALTERED)
    assert not found.believed, (seed, found.believed[:5])
    assert found.erased > 500, found.erased  # words that mean nothing for it
    rare = [wrong for wrong, times in found.reached.items() if times < 3]
    assert len(found.reached) >= 25, found.reached
    assert len(rare) < 5, rare


def test_without_the_rule_it_finds_them(true: list[Any], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report_outcome, "at_odds", lambda *_told: False)
    believed = search(true, 1, 5_000).believed
    assert len({one.partition(":")[0] for one in believed}) > 3


@pytest.fixture(scope="module")
def places(true: list[Any]) -> Mapping[str, Counter[bool]]:
    """For each place, how often the PC was called erased although it tells something else."""
    kinds: dict[frozenset[str], Any] = {}
    for one in filter(_is_erased, true):
        attempts = [attempt for record in one["drives"] for attempt in record["attempts"]]
        kinds.setdefault(frozenset(one["attempt"]["technique"] for one in attempts), one)
    assert len(kinds) >= KINDS
    found: defaultdict[str, Counter[bool]] = defaultdict(Counter)
    for place, erased in singly(list(kinds.values())):
        found[place][erased] += 1
    return found


def test_each_word_counts_or_it_is_said_why_not(places: Mapping[str, Counter[bool]]) -> None:
    silent = [place for place, told in places.items() if not told[False]]
    unsaid = [p for p in silent if not any(fnmatchcase(p, pattern) for pattern in HARMLESS)]
    assert not unsaid
    empty = [pattern for pattern in HARMLESS if not any(fnmatchcase(p, pattern) for p in silent)]
    assert not empty


def test_what_counts_still_does(places: Mapping[str, Counter[bool]]) -> None:
    assert not [place for place in MATTERS if not places[place][False]]
