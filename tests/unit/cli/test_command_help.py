"""Every --help: in the language of the messages to the last word, with examples to type."""

from __future__ import annotations

import argparse
import ast
import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import pytest

from reprise import i18n
from reprise.__main__ import _parser, main
from reprise.cli.examples import EXAMPLES
from reprise.cli.parser import WORDS, speak
from station_kit.typed import typed

# What a person who types commands never sees: mistakes of the program that defines a parser, and
# what this command line does not use (prefix files, deprecated options, argument counts).
_NOT_FOR_PEOPLE = re.compile(
    r"conflict|mutually exclusive|cannot have multiple|cannot merge|is required for options like"
    r"|not defined|not callable|invalid argument for|invalid option string|argument \"-\" with mode"
    r"|can't open|deprecated|%\(prog\)s: warning|^subcommands$|^ \(default|^expected %s argument"
)


@pytest.fixture(autouse=True)
def _speaking(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "80")
    speak()


def _all(parser: argparse.ArgumentParser) -> Iterator[argparse.ArgumentParser]:
    yield parser
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for one in action.choices.values():
                yield from _all(one)


def _examples(parser: argparse.ArgumentParser) -> list[str]:
    return re.findall(r"^  (reprise .*)$", parser.format_help(), re.M)


def test_every_help_has_examples_and_each_of_them_parses() -> None:
    parsers = list(_all(_parser(None)))
    assert len(parsers) == 37
    assert {one.prog for one in parsers} == set(EXAMPLES)
    parsed = 0
    for one in parsers:
        examples = _examples(one)
        assert examples, one.prog
        for line in examples:
            _reprise, *words = shlex.split(line.partition(" > ")[0])
            if words[-1] == "--help":
                words = [*words[:-1], "--drive", "/dev/sda", "--confirm", "X"]
            args = _parser(None).parse_args(words)
            command = one.prog.removeprefix("reprise").split()
            assert callable(args.run)
            assert [word for word in words if word in command] == command or one.prog == "reprise"
            parsed += 1
    assert parsed == sum(len(lines) for lines in EXAMPLES.values()) >= 50


def test_examples_that_are_wrong_do_not_parse() -> None:
    """The test above can fail."""
    with pytest.raises(SystemExit):
        _parser(None).parse_args(["erase", "--drive", "/dev/sda"])


@pytest.mark.parametrize("language", i18n.LANGUAGES)
def test_a_help_fits_eighty_columns(language: str) -> None:
    i18n.set_language(language)
    wide = [
        line
        for one in _all(_parser(None))
        for line in one.format_help().splitlines()
        if len(line) > 80 and not line.startswith("  reprise ")
    ]
    assert wide == []


def test_a_french_help_has_no_english_of_argparse() -> None:
    i18n.set_language("fr")
    english = re.compile(
        r"\b(usage|positional|show this|and exit|optional)\b|\b(FILE|DIR|PATH|NAME|TEXT|SIZE)\b"
    )
    for one in _all(_parser(None)):
        for line in one.format_help().splitlines():
            assert not english.search(line), f"{one.prog}: {line}"
        assert "\n  -h, --help" in one.format_help()


def test_an_english_help_is_english() -> None:
    i18n.set_language("en")
    text = _parser(None).format_help()
    assert text.startswith("usage: reprise [-h]")
    assert "\npositional arguments:\n" in text
    assert "show this help message and exit" in text
    assert "\nexamples:\n" in text


@pytest.mark.parametrize(
    ("words", "french", "english"),
    [
        (["erase"], "arguments obligatoires absents : --drive, --confirm", "are required: --drive"),
        (["plan", "--nope"], "arguments inconnus : --nope", "unrecognized arguments: --nope"),
        (
            ["images", "list", "--nope"],
            "utilisation : reprise images list ",
            "usage: reprise images list ",
        ),
        (
            ["nope"],
            "choix inconnu : « nope » (choix possibles : ",
            "invalid choice: 'nope' (choose",
        ),
        (["plan", "--drive"], "argument --drive : il faut une valeur", "expected one argument"),
        (["enroll"], "un de ces arguments est obligatoire : --key", "one of the arguments --key"),
        (["enroll", "--list", "--revoke", "a"], "incompatible avec l'argument", "not allowed with"),
        (["serve", "--port", "x"], "n'est pas un nombre entier", "is not a whole number"),
        (["plan", "--json=1"], "ne prend pas de valeur (« 1 »)", "ignored explicit argument '1'"),
        (
            ["images", "add", "--title", "x"],
            "option ambiguë : --title",
            "ambiguous option: --title",
        ),
    ],
)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_a_mistake_is_told_in_the_language_of_the_messages(
    words: list[str],
    french: str,
    english: str,
    language: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["--lang", language, *words])
    said = typed(capsys.readouterr().err)
    assert ended.value.code == 2
    assert (french if language == "fr" else english) in said
    assert said.startswith("utilisation : " if language == "fr" else "usage: ")
    said = said.splitlines()[-1]
    assert re.match(
        r"reprise[a-z ]*: erreur : " if language == "fr" else r"reprise[a-z ]*: error: ", said
    )


@pytest.mark.parametrize(("locale", "word"), [("fr_FR.UTF-8", "utilisation : "), ("C", "usage: ")])
def test_the_environment_chooses_where_nothing_is_said(
    locale: str, word: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("LC_ALL", locale if locale != "C" else "en_GB.UTF-8")
    with pytest.raises(SystemExit):
        main(["plan", "--help"])
    assert typed(capsys.readouterr().out).startswith(word)


def test_all_that_argparse_may_say_is_known_here() -> None:
    """Of the Python that runs this: a new one with new words fails."""
    source = ast.parse(Path(argparse.__file__).read_text("utf-8"))
    said = {
        call.args[0].value
        for call in ast.walk(source)
        if isinstance(call, ast.Call)
        and isinstance(call.func, ast.Name)
        and call.func.id in {"_", "ngettext"}
        and isinstance(call.args[0], ast.Constant)
        and isinstance(call.args[0].value, str)
    }
    assert len(said) > 30
    people = {one for one in said if not _NOT_FOR_PEOPLE.search(one)}
    assert people - set(WORDS) == set()
