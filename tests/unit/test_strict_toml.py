"""TOML -> dataclass: every mistake is one line that names file, line, key and what is valid."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import Literal

import pytest

from reprise import i18n
from reprise.errors import InputError
from reprise.strict_toml import dataclass_from_toml


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
        ("[net]\nmode = 'c'\n", ("line 2", "net.mode", "'c'", "a, b")),
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
