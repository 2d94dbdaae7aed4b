"""What the first screen begins with, over several sessions on a real store."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from reprise.adapters.storage.store import OPERATOR, FolderStore
from reprise.bootstrap.operator import last_operator, remember_operator
from reprise.domain.report.events import Operator
from reprise.domain.station.scan import scanned
from reprise.workflow.session.operator import recall, to_remember
from station_kit.memory import peak

SETTINGS = Operator("A. Martin", "Agglo", "Atelier", "", "LOT-7", "Mairie")
TYPED = Operator("B. Petit", "Agglo", "Atelier", "INV-42", "LOT-8", "")


def test_the_first_session_begins_with_the_settings(tmp_path: Path) -> None:
    assert last_operator(FolderStore(tmp_path), SETTINGS) == SETTINGS


def test_the_next_one_with_what_was_typed_but_for_the_asset_tag(tmp_path: Path) -> None:
    remember_operator(FolderStore(tmp_path), SETTINGS, TYPED)
    found = last_operator(FolderStore(tmp_path), SETTINGS)
    assert (found.name, found.lot, found.donor) == ("B. Petit", "LOT-8", "")
    assert found.asset_tag == ""
    assert b"INV-42" not in (tmp_path / OPERATOR).read_bytes()


def test_changed_settings_go_before_what_was_typed_under_the_old_ones(tmp_path: Path) -> None:
    remember_operator(FolderStore(tmp_path), SETTINGS, TYPED)
    new = Operator("A. Martin", "Agglo", "Hangar", "", "LOT-9", "Mairie")
    found = last_operator(FolderStore(tmp_path), new)
    assert (found.lot, found.name, found.place) == ("LOT-9", "B. Petit", "Hangar")


def test_the_last_word_counts(tmp_path: Path) -> None:
    for lot in ("LOT-8", "LOT-9"):
        remember_operator(FolderStore(tmp_path), SETTINGS, Operator(lot=lot))
    assert last_operator(FolderStore(tmp_path), SETTINGS).lot == "LOT-9"


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"typed": 3}', b"\xff\xfe", b"[" * 200_000])
def test_a_damaged_file_only_costs_typing(tmp_path: Path, data: bytes) -> None:
    (tmp_path / OPERATOR).write_bytes(data)
    assert last_operator(FolderStore(tmp_path), SETTINGS) == SETTINGS


def test_a_file_too_large_to_be_ours_is_as_none(tmp_path: Path) -> None:
    (tmp_path / OPERATOR).touch()
    os.truncate(tmp_path / OPERATOR, 300 << 20)
    assert peak(lambda: last_operator(FolderStore(tmp_path), SETTINGS)) < 1 << 20
    assert last_operator(FolderStore(tmp_path), SETTINGS) == SETTINGS


def test_organisation_and_place_are_the_settings_alone() -> None:
    typed = Operator("X", "Other", "Elsewhere")
    found = recall(to_remember(typed, SETTINGS), SETTINGS)
    assert (found.organisation, found.place) == ("Agglo", "Atelier")


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("INV-42", "INV-42"),
        ("]C1INV-42", "INV-42"),
        ("]Q3\x1dINV-42", "INV-42"),
        ("  INV  42 ", "INV 42"),
        ("\x02INV\x1d42\x03\r", "INV 42"),
        ("]C1", "]C1"),
        ("[C1]", "[C1]"),
        ("]]A0", "]]A0"),
        ("№ é€ {x} [red]", "№ é€ {x} [red]"),
        ("", ""),
    ],
)
def test_a_scan_is_what_stands_on_the_label(typed: str, meant: str) -> None:
    assert scanned(typed) == meant


def test_the_tag_of_one_pc_is_not_kept_for_the_next() -> None:
    assert to_remember(TYPED, SETTINGS).typed == Operator(
        "B. Petit", "Agglo", "Atelier", "", "LOT-8", ""
    )
