"""An empty path is refused before anything is looked at, and a path without its option is told
which option it wants."""

from __future__ import annotations

import shlex
from pathlib import Path

import pytest

from reprise.__main__ import main
from station_kit.typed import typed


@pytest.mark.parametrize(
    ("words", "option"),
    [
        ("report show ''", "FILE"),
        ("report verify x --key ''", "--key"),
        ("report pdf x -o ''", "--output"),
        ("stick write '' --device /nowhere", "ISO"),
        ("stick write x --device /nowhere --settings y --settings=", "--settings"),
        ("plan --drive ''", "--drive"),
        ("erase --drive ' ' --confirm x", "--drive"),
        ("images list --folder ''", "--folder"),
        ("netboot '' --interface lo", "DIR"),
        ("--data '' outbox status", "--data"),
        ("--config= plan", "--config"),
    ],
)
def test_an_empty_path_is_called_empty(
    words: str, option: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--lang", "en", *shlex.split(words)]) == 2
    said = capsys.readouterr()
    assert said.err == f"reprise: the value of {option} is empty. Give one.\n"
    assert said.out == ""


@pytest.mark.parametrize(
    ("words", "meant"),
    [
        ("images check /srv/os", "--folder /srv/os"),
        ("images remove debian '/srv/our os'", "--folder '/srv/our os'"),
        ("plan /nowhere/x", "--drive /nowhere/x"),
        ("images check --folder y /srv/os", ""),
        ("plan x", ""),
        ("plan /nowhere/x /nowhere/y", ""),
        ("report show x /srv/y", ""),
    ],
)
def test_a_path_without_its_option_is_told_which(
    words: str, meant: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", "en", *shlex.split(words)])
    assert ended.value.code == 2
    said = typed(capsys.readouterr().err).rstrip("\n")
    if meant:
        assert said.endswith(f" (did you mean {meant}?)")
    else:
        assert "did you mean" not in said


@pytest.mark.parametrize("command", ["status", "send", "run"])
def test_no_outbox_is_looked_for_in_a_folder_that_was_mistyped(
    command: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """“run” would wait there for ever."""
    folder = tmp_path / "mistyped"
    assert main(["--lang", "en", "--data", str(folder), "outbox", command]) == 2
    said = f"reprise: the folder “{folder}” does not exist. Give an existing folder to --data.\n"
    assert capsys.readouterr().err == said
    assert not folder.exists()
