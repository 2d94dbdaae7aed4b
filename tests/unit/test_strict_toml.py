"""TOML -> dataclass: every mistake is one line that names file, line, key and what is valid."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import pytest

from reprise import i18n
from reprise.errors import InputError
from reprise.strict_toml import dataclass_from_toml
from station_kit.memory import peak


class Depth(StrEnum):
    FULL = "full"
    SAMPLE = "sample"


@dataclass(frozen=True)
class Image:
    file: str
    size_mib: int = 0
    depth: Depth = Depth.FULL


@dataclass(frozen=True)
class Net:
    url: str = ""
    timeout_s: float = 1.5
    mode: Literal["a", "b"] = "a"


@dataclass(frozen=True)
class All:
    net: Net = field(default_factory=Net)
    images: dict[str, Image] = field(default_factory=dict)
    rows: tuple[Image, ...] = ()
    note: str | None = None
    words: tuple[str, ...] = ()


@pytest.fixture(autouse=True)
def english() -> None:
    i18n.set_language("en")


def test_reads_nested_tables_and_defaults() -> None:
    text = '[net]\nurl="u"\n[images.one]\nfile="f"\ndepth="sample"\n[[rows]]\nfile="g"\n'
    value = dataclass_from_toml(text, All, "x.toml")
    assert value == All(Net("u"), {"one": Image("f", 0, Depth.SAMPLE)}, (Image("g"),))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("[net]\n\nurll = 'x'\n", ("x.toml, line 3", "net.urll", "“net.url”")),
        ("nett = 1\n", ("x.toml, line 1", "“nett”", "“net”")),
        ("[images.a]\nfile='f'\nsize = 3\n", ("line 3", "images.a.size", "size_mib")),
        ("[[rows]]\nfil='f'\n", ("line 2", "rows.fil", "“rows.file”")),
        ("[net]\nurl = 3\n", ("line 2", "net.url", "text in quotes", "a whole number")),
        ("[net]\ntimeout_s = '3'\n", ("line 2", "net.timeout_s", "a number")),
        ("[net]\nmode = 'c'\n", ("line 2", "net.mode", "“c”", "a, b")),
        ("[images.a]\nfile='f'\ndepth='half'\n", ("images[...].depth", "full, sample")),
        ("[images.a]\nsize_mib=3\n", ("images[...]", "file")),
        ("[[rows]]\nfile='a'\ndepth='half'\n", ("rows[0].depth", "full, sample")),
        ("a = \n", ("x.toml, line 1", "TOML")),
        ("[net]\nurl='x'\n[b\n", ("x.toml, line 3", "TOML")),
        ("a=1\na=", ("x.toml, line 2",)),
        ("net = 3\n", ("“net”", "a table")),
    ],
)
def test_says_what_is_wrong(text: str, words: tuple[str, ...]) -> None:
    with pytest.raises(InputError) as caught:
        dataclass_from_toml(text, All, "x.toml")
    assert caught.value.exit_code == 2
    for word in words:
        assert word in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text",
    [
        "note = " + "[" * 100_000,
        "note = " + "{b=" * 3000,
        "note." + ".".join(["a"] * 5000) + " = 1",
        "[net]\ntimeout_s = " + "9" * 5000,
        "words = [" + "[" * 300 + "]" * 301,
    ],
)
def test_no_depth_and_no_length_is_more_than_a_mistake(text: str) -> None:
    with pytest.raises(InputError, match=r"^x\.toml"):
        dataclass_from_toml(text, All, "x.toml")


@pytest.mark.parametrize("text", [f"{'a.' * 5000}a = 1", f"[{'a.' * 5000}a]"])
def test_a_key_without_an_end_takes_neither_memory_nor_time(text: str) -> None:
    """tomllib: 100 MB for these 10 kB, and with the square of them."""

    def read() -> None:
        with pytest.raises(InputError, match=r"^x\.toml, line 2"):
            dataclass_from_toml(f"note = 'x'\n{text}", All, "x.toml")

    assert peak(read) < 4 << 20


def test_a_line_of_dots_is_no_key_without_an_end() -> None:
    dots = "." * 100
    assert dataclass_from_toml(f"# {dots}\n  # {dots}\nnote = 'x'", All, "x.toml").note == "x"


@pytest.mark.parametrize(
    ("text", "english", "french"),
    [
        ("url = https://x", "stands in quotes", "entre guillemets"),
        ('url = "x', "A quote is missing", "Il manque un guillemet"),
        ("a = 1\na = 2", "stands there twice", "deux fois"),
        ("[net]\n[net]", "stands there twice", "deux fois"),
        ("url", "“=” is missing", "Il manque « = »"),
        ("[net", "“]” is missing", "Il manque « ] »"),
        ("a = [1", "“]” is missing", "Il manque « ] »"),
        ("a = 1 b = 2", "holds one setting", "un seul réglage"),
        ("=", "Correct the line.", "Corrigez la ligne."),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_both_languages(
    text: str, english: str, french: str
) -> None:
    """Nothing of tomllib's own English stands in either."""
    for language, words in (("en", english), ("fr", french)):
        i18n.set_language(language)
        with pytest.raises(InputError) as caught:
            dataclass_from_toml(text, All, "reprise.toml")
        said = str(caught.value).replace("\u00a0", " ").replace("\u202f", " ")
        assert words in said
        assert "column" not in said


QUOTE, ONE_MORE = "A quote is missing", "quote too many"


@pytest.mark.parametrize(
    ("text", "line", "words"),
    [
        ('[net]\nurl = "x\nmode = "a"\n', 2, QUOTE),
        ("[net]\nurl = 'x\nmode = 'a'\n", 2, QUOTE),
        ("[net]\nurl = 'x\ntimeout_s = 3\n\n", 2, QUOTE),  # tomllib: at end of document
        ('note = "a"\r\n[net]\r\nurl = "x\r\nmode = "a"\r\n', 3, QUOTE),
        ('words = ["a",\n"b]\nnote = "c"\n', 2, QUOTE),
        ('# it\'s "\nnote = "l\'a"\n[net]\nurl = \'x\nmode = "a"\n', 4, QUOTE),
        ('note = """a\n"b" \'\n\\""""\n[net]\nurl = \'x\nmode = "a"\n', 5, QUOTE),
        ('[net]\nurl = """x\nmode = "a"\n\n', 2, QUOTE),
        ("[net]\nurl = '''x\nmode = 'a'\n\n", 2, QUOTE),
        ("[net]\nurl = 'l'a'\nmode = 'a'\n", 2, ONE_MORE),
        ('[net]\nurl = "a" mode = "b"\nmode = "a\n', 2, "holds one setting"),
        ('[net]\nurl = "\x07"\nmode = "a\n', 2, "Correct the line"),
        ("[net]\nurl = https\nmode = 'a\n", 2, "stands in quotes"),
    ],
)
def test_in_a_file_of_several_lines_the_line_with_the_odd_quote_is_named(
    text: str, line: int, words: str
) -> None:
    with pytest.raises(InputError) as caught:
        dataclass_from_toml(text, All, "reprise.toml")
    assert str(caught.value).startswith(f"reprise.toml, line {line}: ")
    assert words in str(caught.value)


def test_the_same_in_french() -> None:
    i18n.set_language("fr")
    for text, words in (
        ("note = 'a\n[net]\nmode = 'a'\n", "Il manque un guillemet"),
        ("note = 'l'a'\n[net]\n", "un guillemet de trop ou de moins"),
        ("[net]\nmode = 'it\\''\n", "un guillemet de trop ou de moins"),
        ("[net]\nmode = 'de'\n", "ne peut pas valoir « de » ; valeurs possibles : a, b."),
        ('[net]\nmode = "it\'s"\n', "ne peut pas valoir « it's » ;"),
        ("[net]\nmode = ''\n", "ne peut pas valoir «  » ;"),
    ):
        with pytest.raises(InputError) as caught:
            dataclass_from_toml(text, All, "reprise.toml")
        assert words in str(caught.value).replace("\u00a0", " ")
