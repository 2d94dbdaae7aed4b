"""The voice of the console's speech, which /usr/lib/reprise/speech chooses when it starts."""

from __future__ import annotations

from pathlib import Path

from reprise.ports import CommandRunner

UNIT = "reprise-speech.service"


def speak_in(language: str, runner: CommandRunner, wanted: Path) -> None:
    """Speech that runs starts again in this language; where there is none nothing happens. A
    voice that could not be changed is heard: nothing else depends on it."""
    wanted.parent.mkdir(parents=True, exist_ok=True)
    wanted.write_text(f"{language}\n", "utf-8")
    runner.run(("systemctl", "--no-block", "try-restart", UNIT))
