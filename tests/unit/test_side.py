"""The side as bootstrap binds it, on a folder: every port answers without hardware of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from reprise import bootstrap
from reprise.adapters.choices import FILE
from reprise.bootstrap import delivery
from reprise.bootstrap import side as binding
from reprise.domain.network import SendFault, SendStep
from reprise.errors import InputError
from reprise.workflow.side import Side

REPORT = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


@pytest.fixture
def args(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    for room in (delivery, binding):
        monkeypatch.setattr(room, "RUN", str(tmp_path / "run"))
    (tmp_path / "run").mkdir()
    return argparse.Namespace(data=str(tmp_path / "data"), config=None, lang=None)


@pytest.fixture
def side(args: argparse.Namespace) -> Side:
    return bootstrap.station_side(args)


def test_without_a_server_nothing_is_sent_and_the_test_says_so(
    args: argparse.Namespace, side: Side
) -> None:
    bootstrap.outbox(bootstrap.store(args)).put(REPORT, b"a.b.c")
    (report,) = side.outgoing.look().reports
    assert (report.report_id, report.state) == (REPORT, "waiting")
    (finding,) = side.tester.run().findings
    assert (finding.step, finding.fault) == (SendStep.SETTINGS, SendFault.NO_SERVER)
    with pytest.raises(InputError):
        side.send_now()


def test_what_is_chosen_holds_for_every_process(
    tmp_path: Path, args: argparse.Namespace, side: Side
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/reprise.toml").write_text("[server]\nproxy='http://stick:1'\n")
    assert side.choices.proxy() == "http://stick:1"
    side.choices.use_proxy("http://typed:3128")
    assert bootstrap.settings(args).server.proxy == "http://typed:3128"
    (tmp_path / "run" / FILE).write_text("[server]\nproxy=1\n")  # unusable: left out, and told
    found, problems = bootstrap.station_settings(args)
    assert found.server.proxy == "http://stick:1"
    assert len(problems) == 1


def test_no_keyboard_is_set_where_there_is_no_console(
    tmp_path: Path, args: argparse.Namespace, side: Side
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/reprise.toml").write_text("[station]\nkeyboard='be'\n")
    assert bootstrap.settings(args).station.keyboard == "be"
    assert side.console.layouts() == ()
    side.use_set_keyboard()
    assert not (tmp_path / "run/keyboard").exists()
