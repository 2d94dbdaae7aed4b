"""The PSID of a drive reaches `reprise erase` without standing in the process list."""

from __future__ import annotations

import getpass
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from reprise.cli import secrets
from reprise.errors import InputError

PSID = "ABCD1234" * 4
PRINTED = " ".join("ABCD1234" for _ in range(4))


@pytest.mark.parametrize("typed", [PSID, PRINTED, PSID.lower(), "-".join(["ABCD"] * 8)])
def test_it_is_refused_on_the_command_line(typed: str) -> None:
    with pytest.raises(InputError) as refused:
        secrets.psid(typed)
    shown = f"{refused.value} {refused.value.advice}"
    assert "--psid" in shown
    assert typed not in shown


def test_it_is_read_from_a_file(tmp_path: Path) -> None:
    file = tmp_path / "label"
    file.write_text(f"{PRINTED}\n")
    assert secrets.psid(str(file)) == PSID
    file.write_text("too short\n")
    with pytest.raises(InputError) as refused:
        secrets.psid(str(file))
    assert "too short" not in str(refused.value)
    with pytest.raises(InputError):
        secrets.psid(str(tmp_path / "absent"))


def test_it_is_asked_for_on_a_terminal_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(getpass, "getpass", lambda _prompt: PRINTED)
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: True))
    assert secrets.psid(secrets.ASKED) == PSID
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(isatty=lambda: False))
    with pytest.raises(InputError):
        secrets.psid(secrets.ASKED)
    assert secrets.psid(None) == ""
