"""A mistyped option is named, with the nearest; one in the wrong place is put where it goes."""

from __future__ import annotations

import shlex

import pytest

from reprise.__main__ import main
from reprise.cli.parser import Parser
from station_kit.typed import typed


def said(capsys: pytest.CaptureFixture[str], language: str, *words: str) -> str:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", language, *words])
    assert ended.value.code == 2
    told = capsys.readouterr()
    assert told.out == ""
    return typed(told.err)


@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("outbox status --data D", "reprise --data D outbox status"),
        ("outbox status --data=D", "reprise --data D outbox status"),
        ("outbox status --config D --json", "reprise --config D outbox status …"),
        ("outbox status --json --lang fr", "reprise --lang fr outbox status …"),
        ("outbox --data D status", "reprise --data D outbox …"),
        ("erase --data D", "reprise --data D erase"),
        ("report show x --data", "reprise --data … report show …"),
        ("plan --data --json", "reprise --data … plan …"),
    ],
)
def test_what_goes_before_the_command_is_put_there(
    words: str, line: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without the usage, which does not have it."""
    option = next(word for word in words.split() if word[:6] in ("--data", "--conf", "--lang"))
    option = option.partition("=")[0]
    told = said(capsys, "fr", *words.split())
    assert told.endswith(f": erreur : {option} se place avant la commande : {line}\n")
    assert "utilisation" not in told
    told = said(capsys, "en", *words.split())
    assert told.endswith(f": error: {option} goes before the command: {line}\n")


def test_a_value_with_a_space_can_be_typed_again(capsys: pytest.CaptureFixture[str]) -> None:
    told = said(capsys, "en", "plan", "--data", "my folder")
    assert "reprise --data 'my folder' plan\n" in told


@pytest.mark.parametrize(
    ("words", "wrong", "near"),
    [
        ("enroll --lst", "--lst", "--list"),
        ("enroll --name x --lst", "--lst", "--list"),
        ("--dta data outbox", "--dta", "--data"),
        ("--data d --lnag fr plan", "--lnag", "--lang"),
        ("erase --drve /dev/sda --confirm x", "--drve /dev/sda", "--drive"),
        ("enroll --nam=x --lst", "--lst", "--list"),  # the first is understood
        ("plan --nope", "--nope", ""),
    ],
)
def test_the_mistyped_word_is_named(
    words: str, wrong: str, near: str, capsys: pytest.CaptureFixture[str]
) -> None:
    wrong = wrong.partition(" ")[0]
    meant = f" (vouliez-vous dire {near} ?)" if near else ""
    assert said(capsys, "fr", *words.split()).endswith(f"arguments inconnus : {wrong}{meant}\n")
    meant = f" (did you mean {near}?)" if near else ""
    assert said(capsys, "en", *words.split()).endswith(f"unrecognized arguments: {wrong}{meant}\n")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ("report nope --lang fr", "choix inconnu : « nope »"),
        ("nope --dta x", "choix inconnu : « nope »"),
        ("images add --title x", "option ambiguë : --title"),
        ("station demo --speed -1", "« -1 » n'est pas un nombre supérieur à 0"),
        ("plan x y", "arguments inconnus : x y"),
        ("enroll -- --lst", "un de ces arguments est obligatoire"),
        ("report verify '-my file'", "arguments obligatoires absents : --key"),
        ("report pdf -ox", "arguments obligatoires absents"),
    ],
)
def test_other_mistakes_are_told_as_they_are(
    words: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert told in said(capsys, "fr", *shlex.split(words))


def test_a_short_word_is_not_taken_for_a_part_of_the_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    parser = Parser(prog="reprise outbox status")
    parser.add_argument("--name", required=True)
    with pytest.raises(SystemExit):
        parser.parse_args(["-n", "x"])
    assert "-n" in capsys.readouterr().err.split()
