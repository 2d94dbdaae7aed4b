"""A PC's kind and firmware, and our own systems, are called the same everywhere."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

import reprise
from reprise import i18n, wording
from reprise.domain.pc.hardware import Firmware, Machine
from reprise.i18n import _
from reprise.sentences import machine as screen
from reprise.sentences.confirm import attempt_text
from reprise.server.reports import views
from unit.domain.drives.drives import hdd
from unit.domain.pc import samples

CATALOGUE = Path(str(reprise.__file__)).parents[2] / "config/images.toml"


@pytest.mark.parametrize("lang", i18n.LANGUAGES)
def test_our_systems_have_the_titles_of_the_catalogue(lang: str) -> None:
    images = tomllib.loads(CATALOGUE.read_text("utf-8"))["image"]
    assert len(images) >= 2
    with i18n.using(lang):
        for one in images:
            assert wording.system(one["name"], "") == one["title"][lang]


def test_a_system_of_nobody_we_know_has_its_name() -> None:
    assert wording.system("mairie", "3") == "mairie 3"
    assert wording.system("mairie", "") == "mairie"


def test_the_server_says_a_pcs_kind_and_firmware_as_the_station_does() -> None:
    report = samples.good_report()
    with i18n.using("fr"):
        facts = dict(views.pc_facts(report))
        rows = dict(screen.rows(report.inventory))
        kinds = facts[_("Chassis")], rows[_("Kind")][0]
    assert kinds == ("ordinateur portable",) * 2
    assert facts["Micrologiciel"] == ", ".join(rows["BIOS"])
    assert "2\u00a0décembre\u00a02019" in facts["Micrologiciel"]


def test_what_is_known_of_a_firmware_is_said() -> None:
    assert wording.firmware(Firmware()) == ()
    with i18n.using("en"):
        assert wording.firmware(Firmware(version="A29", mode="uefi")) == ("A29", "UEFI mode")


@pytest.mark.parametrize(
    ("maker", "model", "name"),
    [
        ("HP", "HP ProBook 650", "HP ProBook 650"),
        ("Dell Inc.", "Latitude", "Dell Inc. Latitude"),
        (None, "Latitude", "Latitude"),
        ("HP", None, "HP"),
        (None, None, ""),
    ],
)
def test_a_maker_is_named_once(maker: str | None, model: str | None, name: str) -> None:
    assert Machine(maker=maker, model=model, version="A1").name == name
    with i18n.using("en"):
        assert views.pc_name(Machine(maker=maker, model=model)) == (name or "PC of unknown make")


def test_the_plan_says_the_verification_inside_its_line() -> None:
    attempt = samples.attempt(hdd()).attempt
    with i18n.using("fr"):
        assert ", relecture complète" in attempt_text(attempt)
