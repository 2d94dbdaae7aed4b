"""What the first start is told of its PC."""

from __future__ import annotations

from reprise.domain.install.handover import first_start_facts, handover
from reprise.domain.pc.hardware import Machine
from unit.adapters.install.made_image import made_image

MADE = made_image(version="13.2", licence="GPL")


def test_all_that_is_known_arrives_under_its_name() -> None:
    machine = Machine(maker="Maker", model="Model", serial="SN")
    told = handover(machine, "Org", "2026-11-24", "r-1", "https://example.org/")
    assert told.certificate_url == "https://example.org/reports/r-1"
    facts = first_start_facts(told, MADE, "fr_FR.UTF-8", "fr", "Europe/Paris")
    assert facts == {
        "format": 1,
        "language": "fr_FR.UTF-8",
        "keyboard": "fr",
        "timezone": "Europe/Paris",
        "organisation": "Org",
        "installed_on": "2026-11-24",
        "image": {"name": MADE.name, "version": MADE.version, "licence": MADE.licence},
        "computer": {"vendor": "Maker", "model": "Model", "serial": "SN"},
        "certificate_url": "https://example.org/reports/r-1",
        "report_id": "r-1",
        "help_text": "",
    }


def test_what_is_unknown_is_empty_and_half_an_address_is_none() -> None:
    bare = handover(Machine(), "", "", "", "")
    assert (bare.maker, bare.model, bare.serial, bare.certificate_url) == ("", "", "", "")
    assert handover(Machine(), "", "", "r-1", "").certificate_url == ""
    assert handover(Machine(), "", "", "", "https://example.org").certificate_url == ""
