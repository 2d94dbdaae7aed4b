"""The line that `reprise erase` ends with."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise import i18n, wording
from reprise.cli.erase_result import sentence
from reprise.domain.erasure.lifecycle import DriveState
from reprise.domain.planning.plan import RefusalCode
from reprise.domain.planning.techniques import Method
from reprise.domain.report.outcome import DriveResult
from unit.domain.drives.drives import hdd


@pytest.mark.parametrize("language", ["fr", "en"])
@pytest.mark.parametrize("code", list(RefusalCode))
def test_a_refusal_is_told_in_words(code: RefusalCode, language: str) -> None:
    refused = DriveResult(DriveState.REFUSED, reasons=(code.value,))
    with i18n.using(language):
        line = sentence(hdd(), refused, "r-1", None)
    assert f"– {code.value}" not in line, "not the raw code"
    assert len(line.split(" – ")[1]) > len("Report: r-1.jws") + 15


def test_what_cannot_be_proven_stands_beside_the_verdict() -> None:
    limits = ("flash-spare-area-not-reached",)
    good = DriveResult(DriveState.SANITIZED, Method.CLEAR, ("read-back-in-full",), limits)
    with i18n.using("en"):
        line = sentence(hdd(), good, "r-1", Path("/somewhere"))
        assert "Not proven: " in line
        assert line.endswith("Report: /somewhere/r-1.jws")
        bare = DriveResult(DriveState.SANITIZED, Method.CLEAR, ("read-back-in-full",))
        assert "Not proven" not in sentence(hdd(), bare, "r-1", None)


@pytest.mark.parametrize(("language", "between"), [("en", "; "), ("fr", "\u00a0; ")])
def test_sentences_with_commas_are_told_apart(language: str, between: str) -> None:
    limits = ("flash-spare-area-not-reached", "hidden-areas-not-checked")
    good = DriveResult(DriveState.SANITIZED, Method.CLEAR, (), limits)
    with i18n.using(language):
        line = sentence(hdd(), good, "r-1", None)
        assert between.join(wording.code(one) for one in limits) in line
