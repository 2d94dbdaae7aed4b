"""What the command line says of where things lie, and in which language to speak."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class CommandLine:
    """None: not given, so that the station's own holds. The fields have the names of the options:
    cli/folders.py fills them."""

    lang: str | None = None
    config: str | None = None
    data: str | None = None
    socket: str | None = None  # of `reprise station`, as is the next one
    keep_engine: bool = False
