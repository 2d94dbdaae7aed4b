"""Facts that a person reads off a screen: as people write them, without the words of programs."""

from __future__ import annotations

import pytest

from reprise import i18n, wording
from reprise.domain.checks.catalogue import MeasureName, Unit
from reprise.domain.checks.keyboard import judge_keyboard
from reprise.domain.checks.results import Measure
from reprise.domain.drives.unreached import Unreached, UnreachedKind
from reprise.domain.planning.plan import WarningCode
from reprise.wording.checks import check_facts, measure

NBSP = "\u00a0"


@pytest.mark.parametrize(("language", "wanted"), [("en", "82%"), ("fr", f"82{NBSP}%")])
def test_a_share_is_written_as_its_language_does(language: str, wanted: str) -> None:
    i18n.set_language(language)
    assert measure(Measure(MeasureName.BEST_SIGNAL, 82, Unit.PERCENT)).endswith(wanted)


@pytest.mark.parametrize(
    ("detail", "wanted"),
    [
        ("class=0107 id=1000:0072 driver=mpt3sas", f"(PCI{NBSP}0000:03:00.0, 1000:0072, mpt3sas)"),
        ("class=0805 id=1180:e822", f"(PCI{NBSP}0000:03:00.0, 1180:e822)"),
        ("", f"(PCI{NBSP}0000:03:00.0)"),
    ],
)
def test_a_controller_is_told_by_what_a_search_finds(detail: str, wanted: str) -> None:
    i18n.set_language("en")
    one = Unreached(UnreachedKind.BEHIND_RAID, "0000:03:00.0", detail)
    assert wording.unreached_place(one).endswith(wanted)


def test_a_place_of_another_kind_keeps_all_that_is_known() -> None:
    i18n.set_language("en")
    one = Unreached(UnreachedKind.SILENT, "link3", "0000:00:1f.2 sata_spd=gone class=ata")
    assert wording.unreached_place(one).endswith("(link3, 0000:00:1f.2 sata_spd=gone class=ata)")


@pytest.mark.parametrize(
    ("language", "wanted"), [("en", "not there: Pause"), ("fr", f"absentes{NBSP}: Pause")]
)
def test_keys_that_a_keyboard_lacks_are_not_named_as_if_they_were_seen(
    language: str, wanted: str
) -> None:
    i18n.set_language(language)
    absent = judge_keyboard(
        frozenset({"KEY_A"}), frozenset({"KEY_A", "KEY_PAUSE"}), frozenset({"KEY_PAUSE"})
    )
    dead = judge_keyboard(frozenset({"KEY_A"}), frozenset({"KEY_A", "KEY_PAUSE"}), frozenset())
    assert check_facts(absent).startswith(f"{wanted} ·")
    assert "(Pause)" in check_facts(dead)


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_that_a_pc_will_sleep_is_read_whole_in_one_row(language: str) -> None:
    """Of the confirmation at 80 columns, beside a scroll bar: it is cut there (screens/confirm)."""
    i18n.set_language(language)
    label = {"en": "Warning: ", "fr": f"Attention{NBSP}: "}[language]
    assert len(f"{label}sdb – {wording.code(WarningCode.FROZEN)}") <= 80 - 5
