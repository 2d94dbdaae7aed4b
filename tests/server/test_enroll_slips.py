"""reprise enroll where a script's variable is empty or a database is mistyped: nothing is made."""

from __future__ import annotations

from pathlib import Path

import pytest

from reprise.__main__ import main
from server.kit import stranger
from station_kit.typed import typed


def refused(capsys: pytest.CaptureFixture[str], language: str, *words: str) -> str:
    """The one line of a command that ends with 2."""
    assert main(["--lang", language, "enroll", *words]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "None" not in told.err
    return typed(told.err)


@pytest.mark.parametrize("value", ["", " "])
@pytest.mark.parametrize(
    ("option", "words"),
    [
        ("--out", ("--name", "x", "--out", "{}")),
        ("--key", ("--name", "x", "--key", "{}")),
        ("--revoke", ("--revoke", "{}")),
        ("--name", ("--name", "{}", "--key", "key.pem")),
        ("--url", ("--name", "x", "--out", "stick", "--url", "{}")),
    ],
)
def test_an_empty_value_makes_nothing(
    option: str,
    words: tuple[str, ...],
    value: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "key.pem").write_bytes(stranger().public_pem())
    monkeypatch.chdir(tmp_path)
    line = [word.format(value) for word in words] + ["--database", "new.db"]
    said = refused(capsys, "fr", *line)
    assert said == f"reprise: la valeur de {option} est vide. Donnez-en une.\n"
    said = refused(capsys, "en", *line)
    assert said == f"reprise: the value of {option} is empty. Give one.\n"
    assert [path.name for path in tmp_path.iterdir()] == ["key.pem"]


@pytest.mark.parametrize("words", [("--list",), ("--revoke", "kid"), ("--name", "x", "--out", "s")])
def test_an_address_that_names_no_file(
    words: tuple[str, ...],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    said = refused(capsys, "fr", *words, "--database", "sqlite://")
    assert "« sqlite:// » ne désigne aucun fichier. Donnez le chemin" in said
    said = refused(capsys, "en", *words, "--database", "sqlite://")
    assert "“sqlite://” names no file. Give the path" in said
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("words", [("--list",), ("--revoke", "kid")])
def test_a_folder_is_said_to_be_one(
    words: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    said = refused(capsys, "fr", *words, "--database", str(tmp_path))
    assert f"« {tmp_path} » est un dossier" in said
    said = refused(capsys, "en", *words, "--database", str(tmp_path))
    assert f"“{tmp_path}” is a folder" in said


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("fr", "ne peut être ouverte. Vérifiez son adresse, son utilisateur"),
        ("en", "cannot be opened. Check its address, its user"),
    ],
)
def test_a_postgresql_that_does_not_answer(
    language: str, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """What the driver says, in English, stands behind our words and in quotes."""
    argv = ["enroll", "--list", "--database", "postgresql://u:s3cret@127.0.0.1:9/r"]
    assert main(["--lang", language, *argv]) == 4
    said = typed(capsys.readouterr().err)
    assert said.count("\n") == 1
    assert words in said
    quoted = said.partition("« " if language == "fr" else "“")[2].rpartition("." + "\n")[0]
    assert "failed" in quoted
    assert "failed" not in said.replace(quoted, "")
    assert "s3cret" not in said
