"""What a person may choose of an installation: the settings' [install], the station's order and the
installer's request hold this same value."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class InstallOptions:
    """Each default is told in config/station.toml.

    `image` "": the first one on the stick. `password` is for the first log-in only and must be
    changed then. `encrypt`: the drive, whose owner chooses the passphrase at the first start.
    """

    image: str = ""
    hostname: str = "pc-reprise"
    user: str = "utilisateur"
    password: str = "reprise"  # noqa: S105 - printed on the hand-over sheet, changed at log-in
    locale: str = "fr_FR.UTF-8"
    keyboard: str = "fr"
    timezone: str = "Europe/Paris"
    encrypt: bool = False
