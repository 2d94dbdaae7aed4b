"""Reports told otherwise, at random, until one that contradicts itself is called erased."""

from __future__ import annotations

import copy
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from liars.edits import Edit, Vocabulary, edits
from liars.judged import judged
from liars.oracle import contradictions
from reprise.domain.report.outcome import Outcome

_OF_ONE = 400  # altered reports of one genuine one
_HOW_MANY = (1, 1, 2, 2, 3, 4)  # words of one that are altered


@dataclass
class Found:
    """`reached`: how many of the altered reports that were read contradicted themselves so."""

    judged: int = 0
    erased: int = 0
    reached: Counter[str] = field(default_factory=Counter)
    believed: list[str] = field(default_factory=list)  # each with its contradictions and its edits


def lie(document: Any) -> Any:
    """With every word that whoever made it would give to say "erased"; what was seen stays."""
    told = copy.deepcopy(document)
    for record in told["drives"]:
        if record.get("attempts"):
            last = record["attempts"][-1]
            claims = last["attempt"]["claims"]
            record.update(state="sanitized", achieved=claims)
            last.update(verdict="verified", achieved=claims, reasons=["read-back-in-full"])
            last["interrupted"] = None
            last["finished_at"] = last["started_at"]
    return told


def search(genuine: Sequence[Any], seed: int, altered: int) -> Found:
    """In so many: of true reports, erased and not, and of the same with a lie."""
    dice, words, found = Random(seed), Vocabulary(), Found()  # noqa: S311
    for document in genuine:
        words.learn(document)
    bases = [*genuine, *(lie(one) for one in genuine)]
    erased = [one for one in genuine if judged(one) is Outcome.ERASED]
    while found.judged < altered:
        base = dice.choice(erased if dice.random() < 0.6 else bases)
        every = list(edits(base, words, dice))
        for _ in range(_OF_ONE):
            _judge(found, base, dice.choices(every, k=dice.choice(_HOW_MANY)))
    return found


def _judge(found: Found, base: Any, wanted: Sequence[Edit]) -> None:
    told, done = base, list[Edit]()
    for edit in wanted:
        try:
            told = edit.apply(told)
        except (LookupError, TypeError):  # an earlier edit took its place away
            continue
        done.append(edit)
    word = judged(told)
    if word is None:
        return
    found.judged += 1
    wrong = contradictions(told)
    found.reached.update(wrong)
    if word is Outcome.ERASED:
        found.erased += 1
        if wrong:
            found.believed.append(f"{sorted(wrong)}: " + "; ".join(map(str, done)))


def singly(genuine: Sequence[Any]) -> Iterator[tuple[str, bool]]:
    """Each place of these reports told otherwise, one at a time: the place, and whether the PC is
    still called erased. What is refused says nothing."""
    words, dice = Vocabulary(most=6), Random(1)  # noqa: S311
    for document in genuine:
        words.learn(document)
    for document in genuine:
        for edit in edits(document, words, dice):
            word = judged(edit.apply(document))
            if word is not None:
                yield edit.place, word is Outcome.ERASED
