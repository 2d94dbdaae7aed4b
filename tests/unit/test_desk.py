"""The desk as bootstrap binds it, on a folder: every port answers without hardware of its own."""

from __future__ import annotations

import argparse
from pathlib import Path

import pytest

from reprise import bootstrap
from reprise.adapters.choices import FILE
from reprise.bootstrap import delivery
from reprise.bootstrap import desk as binding
from reprise.domain.network import SendFault, SendStep
from reprise.errors import InputError
from reprise.workflow.desk import Desk

REPORT = "3f0c7b52-9d1e-4b7a-8a59-6f1f0a8f2c11"


@pytest.fixture
def args(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> argparse.Namespace:
    for room in (delivery, binding):
        monkeypatch.setattr(room, "RUN", str(tmp_path / "run"))
    (tmp_path / "run").mkdir()
    return argparse.Namespace(data=str(tmp_path / "data"), config=None, lang=None)


@pytest.fixture
def desk(args: argparse.Namespace) -> Desk:
    return bootstrap.station_desk(args)


def test_without_a_server_nothing_is_sent_and_the_test_says_so(
    args: argparse.Namespace, desk: Desk
) -> None:
    bootstrap.outbox(bootstrap.store(args)).put(REPORT, b"a.b.c")
    (report,) = desk.outgoing.look().reports
    assert (report.report_id, report.state) == (REPORT, "waiting")
    (finding,) = desk.tester.run().findings
    assert (finding.step, finding.fault) == (SendStep.SETTINGS, SendFault.NO_SERVER)
    with pytest.raises(InputError):
        desk.send_now()


def test_what_is_chosen_holds_for_every_process(
    tmp_path: Path, args: argparse.Namespace, desk: Desk
) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data/reprise.toml").write_text("[server]\nproxy='http://stick:1'\n")
    assert desk.choices.proxy() == "http://stick:1"
    desk.choices.use_proxy("http://typed:3128")
    assert bootstrap.settings(args).server.proxy == "http://typed:3128"
    (tmp_path / "run" / FILE).write_text("[server]\nproxy=1\n")  # unusable: left out, and told
    found, problems = bootstrap.station_settings(args)
    assert found.server.proxy == "http://stick:1"
    assert len(problems) == 1


def test_no_keyboard_is_set_where_there_is_no_console(
    tmp_path: Path, args: argparse.Namespace, desk: Desk
) -> None:
    assert desk.console.layouts() == ()
    assert bootstrap.use_set_keyboard(bootstrap.settings(args)) == ""
    assert not (tmp_path / "run/keyboard").exists()
