"""What an installed system may tell the person who receives it, at its first start."""

from __future__ import annotations

from dataclasses import dataclass

from reprise.domain.install.images import OsImage
from reprise.domain.pc.hardware import Machine


@dataclass(frozen=True, slots=True, kw_only=True)
class Handover:
    """All of it may be unknown (""). `installed_on`: ISO 8601 date, by this PC's clock.
    `certificate_url`: where the server shows the report, once it has it."""

    organisation: str = ""
    installed_on: str = ""
    report_id: str = ""
    certificate_url: str = ""
    maker: str = ""
    model: str = ""
    serial: str = ""


def handover(
    machine: Machine, organisation: str, installed_on: str, report_id: str, server_url: str
) -> Handover:
    url = f"{server_url.rstrip('/')}/reports/{report_id}" if server_url and report_id else ""
    return Handover(
        organisation=organisation,
        installed_on=installed_on,
        report_id=report_id,
        certificate_url=url,
        maker=machine.maker or "",
        model=machine.model or "",
        serial=machine.serial or "",
    )


def first_start_facts(
    told: Handover, image: OsImage, language: str, keyboard: str, timezone: str
) -> dict[str, object]:
    """What the program of the first start reads (docs/decisions/0181-first-start.md): format 1."""
    return {
        "format": 1,
        "language": language,
        "keyboard": keyboard,
        "timezone": timezone,
        "organisation": told.organisation,
        "installed_on": told.installed_on,
        "image": {"name": image.name, "version": image.version, "licence": image.licence},
        "computer": {"vendor": told.maker, "model": told.model, "serial": told.serial},
        "certificate_url": told.certificate_url,
        "report_id": told.report_id,
        "help_text": "",
    }
