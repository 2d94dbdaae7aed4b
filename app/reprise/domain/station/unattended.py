"""Erasing without a person: the settings' [auto]."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Unattended:
    """Each default is told in config/station.toml. `countdown_s`: how long everybody can see what
    is going to happen, and stop it; nobody could read, let alone stop, a shorter one."""

    erase: bool = False
    countdown_s: int = 30
    install: bool = True
    power_off: bool = False

    def __post_init__(self) -> None:
        if not 10 <= self.countdown_s <= 3600:
            raise ValueError("countdown_s: 10 … 3600")
