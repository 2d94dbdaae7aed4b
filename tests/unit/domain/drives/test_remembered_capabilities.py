"""What a drive told when it was planned, and what it tells now."""

from __future__ import annotations

from collections import Counter
from dataclasses import fields, replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise.domain.drives.capabilities import (
    AtaCapabilities,
    Capabilities,
    MmcCapabilities,
    NvmeCapabilities,
    OwnWord,
    SanitizeState,
    ScsiCapabilities,
    Support,
)
from reprise.domain.drives.remembered_capabilities import joined, shown, told_then
from unit.adapters.drives.procedures import many

FAMILIES = (AtaCapabilities, NvmeCapabilities, ScsiCapabilities, MmcCapabilities)
MAPPING = st.dictionaries(st.sampled_from(("nvme-sanitize-block", "x-y")), st.integers(0, 99))
WORDS = st.text("abc123", max_size=3)


def value(kind: str) -> st.SearchStrategy[Any]:
    if "Mapping" in kind:
        return MAPPING
    if "int" in kind:
        return st.none() | st.integers(0, 1 << 50)
    if "bool" in kind:
        return st.booleans()
    return st.sampled_from(SanitizeState if "Sanitize" in kind else Support)


def some(family: type[Any]) -> st.SearchStrategy[Any]:
    return st.none() | st.builds(
        family, **{one.name: value(str(one.type)) for one in fields(family)}
    )


OWN = st.just(OwnWord()) | st.builds(
    OwnWord, st.sampled_from(("ata", "scsi")), WORDS, WORDS, st.none() | st.integers(0, 1 << 50)
)
ANY = st.builds(
    Capabilities,
    *(some(family) for family in FAMILIES),
    opal=st.sampled_from(Support),
    opal_open=st.sampled_from(Support),
    bridged=st.booleans(),
    own=OWN,
    evidence=st.dictionaries(st.sampled_from(("w59", "fna")), WORDS),
)


@given(ANY)
def test_the_plan_keeps_all_that_was_told(able: Capabilities) -> None:
    assert told_then(shown(able)) == able


def answers(able: Capabilities) -> dict[str, object]:
    """Flat; without what is no answer."""
    return {
        name: told
        for name, told in shown(able).items()
        if told not in ("unknown", "False", "") and not name.startswith(("raw.", "bridged"))
    }


def test_no_answer_takes_back_what_was_told() -> None:
    """Except what is of a moment, and what came by another way than now."""
    met: Counter[str] = Counter()
    security = (f"security_{one}" for one in ("enabled", "locked", "frozen", "expired"))
    moment = {"sanitize_state", "siblings", "namespaces_shown", "opal_open", *security}

    @many(500)  # so that each family is met, however the examples fall
    @given(ANY, ANY)
    def joins(before: Capabilities, now: Capabilities) -> None:
        known, then, newest = answers(joined(before, now)), answers(before), answers(now)
        for name, told in newest.items():
            if not name.startswith(("own.", "nvme.sanitize_estimate_s", "scsi.")):
                assert known[name] == told
        ata = known.get("ata.known")
        for name in then.keys() - newest.keys():
            if ata and name.startswith("scsi."):
                continue
            if name.startswith("own.") and now.own.by == "ata" != before.own.by:
                continue
            short = name.split(".")[-1]
            if short in moment:
                continue
            if (
                name.startswith("nvme.sanitize_estimate_s")
                and now.nvme
                and (now.nvme.sanitize_estimate_s)
            ):
                continue
            met[name.split(".")[0]] += 1
            assert known[name] == then[name]

    joins()
    assert all(met[family] > 5 for family in ("ata", "nvme", "scsi", "mmc", "own", "opal")), met


def test_a_nought_is_an_answer() -> None:
    before = Capabilities(nvme=NvmeCapabilities(unallocated_bytes=7, namespaces=2))
    now = Capabilities(nvme=NvmeCapabilities(unallocated_bytes=0))
    assert joined(before, now).nvme == NvmeCapabilities(unallocated_bytes=0, namespaces=2)


@pytest.mark.parametrize("asked", [True, False])
def test_how_it_stands_is_asked_of_the_newest_answer_alone(asked: bool) -> None:
    before = Capabilities(
        ata=AtaCapabilities(
            security=Support.YES,
            security_frozen=Support.NO,
            security_locked=Support.NO,
            sanitize_state=SanitizeState.IDLE,
        ),
        nvme=NvmeCapabilities(siblings=2, namespaces_shown=2, namespaces=2),
    )
    now = Capabilities(ata=AtaCapabilities(), nvme=NvmeCapabilities()) if asked else Capabilities()
    known = joined(before, now)
    assert known.ata == AtaCapabilities(security=Support.YES)
    assert known.nvme == NvmeCapabilities(namespaces=2)


def test_its_own_word_is_joined_by_one_way_only() -> None:
    before = Capabilities(own=OwnWord("ata", "S1", "wwn", 3 << 40))
    silent = Capabilities(own=OwnWord("ata", "S1", "", None))
    assert joined(before, silent).own == before.own
    assert joined(before, Capabilities()).own == before.own
    by_scsi = Capabilities(own=OwnWord("scsi", "S1", "wwn", 2 << 40))
    assert joined(before, by_scsi).own == before.own, "an adapter's word is not the drive's"
    larger = replace(before, own=replace(before.own, size_bytes=4 << 40))
    assert joined(before, larger).own == larger.own
    assert joined(by_scsi, before).own == before.own, "nor was it"
    assert joined(by_scsi, Capabilities()).own == by_scsi.own
    assert joined(Capabilities(), by_scsi).own == by_scsi.own


def test_an_ata_drive_is_no_scsi_drive_whichever_was_told_first() -> None:
    scsi = Capabilities(scsi=ScsiCapabilities(sanitize_block=Support.YES))
    ata = Capabilities(ata=AtaCapabilities(known=True, visible_sectors=7))
    assert joined(scsi, ata) == joined(ata, scsi) == ata
    unknown = Capabilities(ata=AtaCapabilities())
    assert joined(scsi, unknown) == replace(scsi, ata=AtaCapabilities())


def test_the_way_and_the_evidence_are_of_now() -> None:
    before = Capabilities(bridged=True, evidence={"w59": "0000"})
    assert joined(before, Capabilities()) == Capabilities()
