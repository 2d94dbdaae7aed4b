"""What lies on a stick from anywhere: it is read within limits, and said without harm."""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import pytest

from reprise import i18n
from reprise.adapters.delivery.outbox import StoreOutbox
from reprise.adapters.storage.store import FolderStore, MirroredStore
from reprise.cli.commands.outbox import run_status
from station_kit.memory import peak

ID = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"
ID2 = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c12"
JWS = b"aaa.bbb.ccc"


@pytest.mark.parametrize("state", ["refused", "waiting"])
def test_a_reason_of_a_newer_station_leaves_the_rest_of_its_note(
    tmp_path: Path, state: str
) -> None:
    box = StoreOutbox(FolderStore(tmp_path))
    box.put(ID, JWS)
    note = f'{{"state":"{state}","detail":"418","reason":"of-tomorrow","about":"x","more":1}}'
    (tmp_path / f"outbox/{ID}.state.json").write_text(note)
    (item,) = box.items()
    assert (item.state, item.detail, item.reason, item.about) == (state, "418", None, "x")


def test_what_is_too_large_to_be_ours_is_not_taken_into_memory(tmp_path: Path) -> None:
    box = StoreOutbox(FolderStore(tmp_path))
    box.put(ID, JWS)
    (tmp_path / f"outbox/{ID}.state.json").touch()
    for name in (f"outbox/{ID2}.jws", f"outbox/{ID}.state.json", f"receipts/{ID}.json"):
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.truncate(path, 400 << 20)
    assert peak(box.items) < 100 << 20
    ours, large = box.items()
    assert (ours.report_id, ours.state, ours.detail) == (ID, "waiting", "")
    assert (large.report_id, large.state) == (ID2, "waiting")
    assert "trop gros" in large.detail


def test_a_large_file_on_the_stick_hides_no_report_in_memory(tmp_path: Path) -> None:
    stick = tmp_path / "stick"
    (stick / "outbox").mkdir(parents=True)
    plugged = list[Path]()
    box = StoreOutbox(MirroredStore(tmp_path / "memory", lambda: plugged[0] if plugged else None))
    box.put(ID, JWS)
    for folder in ("outbox", "reports"):
        path = stick / folder / f"{ID}.jws"
        path.parent.mkdir(exist_ok=True)
        path.touch()
        os.truncate(path, 100 << 20)
    plugged.append(stick)
    assert [item.report_id for item in box.items()] == [ID]
    assert box.read(ID) == JWS


def test_a_note_sends_nothing_to_the_terminal(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    box = StoreOutbox(FolderStore(tmp_path))
    for name in (ID, ID2):
        box.put(name, JWS)
    evil = "\\u001b[2J\\u001b]0;x\\u0007\\u009b2J\\r\\n\\u202e"
    (tmp_path / f"outbox/{ID}.state.json").write_text(
        f'{{"state":"refused","detail":"403: {evil} Enrol l\u2019autre"}}'
    )
    (tmp_path / f"outbox/{ID2}.state.json").write_text(
        f'{{"state":"waiting","reason":"name-unknown","about":"{evil}host"}}'
    )
    with i18n.using("en"):
        run_status(argparse.Namespace(config=None, data=str(tmp_path), json=False))
    told = capsys.readouterr().out
    assert "Enrol l\u2019autre" in told and "host" in told
    assert all(c.isprintable() for line in told.split("\n") for c in line)
    assert len(told.rstrip().split("\n")) == 4
