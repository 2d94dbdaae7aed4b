"""TOML text -> frozen dataclass, strictly: an unknown key, a wrong type or garbled TOML is one
clear InputError that names the file, the line, the key and the nearest valid one.

Pure: takes texts, opens nothing. Used by every settings file (station, policy, images, server).
"""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from enum import Enum, EnumType
from types import UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from reprise.codec import learning_once
from reprise.errors import InputError
from reprise.i18n import _

T = TypeVar("T")
_LINE = re.compile(r"\(at line (\d+)")
_EXPECTED = re.compile(r"Expected `([^`]+)`(?: [^,]*)?, got `([^`]+)`")
_ENUM = re.compile(r"Invalid enum value (['\"]?)(.*)\1")
_PLACE = re.compile(r" - at `\$\.?(.*)`$")
_MOST_DOTS = 512  # of a line: see _refuse_endless; 128 addresses of IPv4
_HEADER = re.compile(r"^\s*\[\[?\s*([^\]]+?)\s*\]\]?")
_ARRAYS = (tuple, list, set, frozenset)
# A comment, a text, or else a quote that has no other: what a text over several lines holds, and
# what stands behind a backslash, ends nothing.
_QUOTES = re.compile(
    r"#[^\n]*"
    r'|"""(?:[^\\]|\\[\s\S])*?"{3,5}|\'\'\'[\s\S]*?\'{3,5}'
    r'|"(?:[^"\\\n]|\\.)*"|\'[^\'\n]*\''
    r"|(?P<odd>[\"'])"
)
# What tomllib says of a text without an end; of the last only where the quotes are the reason.
_NO_END = ("Unterminated string", "Illegal character", "Found invalid character", "Expected \"'")
_TOO_MUCH = "Expected newline"


def dataclass_from_toml(text: str, kind: type[T], file: str) -> T:
    """The dataclass that `text` describes. `file` is only named in errors.

    Nested dataclasses are tables; `dict[str, X]` is a table of tables; `tuple[X, ...]` an array.
    Raises InputError.
    """
    table = parse_toml(text, file)
    check_keys(table, kind, file, text)
    return convert(table, kind, file, text)


def parse_toml(text: str, file: str) -> dict[str, Any]:
    """Raises InputError naming file and line where `text` is not TOML."""
    try:
        _refuse_endless(text)
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # of brackets without an end, of endless numbers
        line, advice = _what_is_wrong(text, str(error))
        raise InputError(
            _("{file}, line {line}: this is not valid TOML.").format(file=file, line=line), advice
        ) from error


def _what_is_wrong(text: str, said: str) -> tuple[int, str]:
    """The line and the advice, of what tomllib says. Of a text without an end it may name the end
    of the file, or the next quote."""
    match = _LINE.search(said)
    line = int(match[1]) if match else max(1, len(text.rstrip().splitlines()))
    odd = _odd_quote(text)
    if said.startswith(_NO_END) and odd and odd <= line:
        return odd, _("A quote is missing at the end of the text.")
    if said.startswith(_TOO_MUCH) and odd == line:
        return line, _("The line has a quote too many or too few.")
    return line, _toml_advice(said)


def _odd_quote(text: str) -> int:
    """The first line with a quote that has no other; 0 where there is none."""
    for found in _QUOTES.finditer(text):
        if found["odd"]:
            return text.count("\n", 0, found.start()) + 1
    return 0


def _toml_advice(said: str) -> str:
    """What is probably wrong, by the beginning of what tomllib says in English."""
    for beginning, advice in (
        ("Invalid value", _('A text stands in quotes: name = "text".')),
        ("Cannot ", _("A name stands there twice: keep one.")),
        ("Expected '=' after a key", _("“=” is missing after the name.")),
        ("Expected ']'", _("“]” is missing.")),
        ("Unclosed array", _("“]” is missing.")),
        (_TOO_MUCH, _("A line holds one setting: put the rest on a line of its own.")),
    ):
        if said.startswith(beginning):
            return advice
    return _("Correct the line.")


def _refuse_endless(text: str) -> None:
    """tomllib's time and memory grow with the square of a key's parts (64 KiB: 17 s and 4 GB); ours
    have three at most, and no key goes over two lines. Raises ValueError."""
    for number, line in enumerate(text.split("\n"), 1):
        if line.count(".") > _MOST_DOTS and not line.lstrip().startswith("#"):
            raise ValueError(f"Key without an end (at line {number}, column 1)")


def check_keys(table: Mapping[str, Any], kind: Any, file: str, text: str = "") -> None:
    """Raises InputError on the first key of `table`, at any depth, that `kind` does not have."""
    for place, name, valid in _unknown_keys(table, kind, ()):
        near = difflib.get_close_matches(name, valid, n=1, cutoff=0.0)
        raise InputError(
            _("{where}: unknown setting “{key}”.").format(
                where=where(file, (*place, name), text), key=".".join((*place, name))
            ),
            _("The nearest valid one is “{near}”.").format(near=".".join((*place, *near)))
            if near
            else "",
        )


def convert(
    table: Mapping[str, Any], kind: type[T], file: str, text: str = "", *, strict: bool = True
) -> T:
    """Typed value of a table whose keys were checked. Raises InputError on a wrong type. Not
    `strict`: of texts alone, which may say a number."""
    try:
        return learning_once(kind, lambda: msgspec.convert(table, type=kind, strict=strict))
    except msgspec.ValidationError as error:
        message = str(error)
        match = _PLACE.search(message)
        key = match[1] if match else ""
        place = where(file, tuple(re.sub(r"\[[^\]]*\]", "", key).split(".")), text)
        said = _PLACE.sub("", message)
        raise InputError(
            _("{where}: the setting “{key}” {reason}").format(
                where=place, key=key or "?", reason=_reason(said, kind, key)
            )
        ) from error


def _unknown_keys(
    value: Any, kind: Any, place: tuple[str, ...]
) -> list[tuple[tuple[str, ...], str, list[str]]]:
    unknown: list[tuple[tuple[str, ...], str, list[str]]] = []
    if kind is Any:
        return unknown
    if isinstance(value, list):
        for item in value:
            unknown += _unknown_keys(item, _item_kind(kind), place)
        return unknown
    if not isinstance(value, Mapping):
        return unknown
    kinds = _table_kinds(kind, value)
    if kinds is None:
        return unknown
    for name, inner in value.items():
        if name not in kinds:
            unknown.append((place, name, sorted(kinds)))
        else:
            unknown += _unknown_keys(inner, kinds[name], (*place, name))
    return unknown


def _table_kinds(kind: Any, value: Mapping[str, Any]) -> dict[str, Any] | None:
    """Field name -> type; None where any key is allowed."""
    for candidate in _alternatives(kind):
        if is_dataclass(candidate) and isinstance(candidate, type):
            hints = get_type_hints(candidate)
            return {field.name: hints[field.name] for field in fields(candidate) if field.init}
        arguments = get_args(candidate)
        if len(arguments) == 2 and get_origin(candidate) not in _ARRAYS:
            return dict.fromkeys(value, arguments[1])
    return None


def _alternatives(kind: Any) -> tuple[Any, ...]:
    return get_args(kind) if get_origin(kind) in (Union, UnionType) else (kind,)


def _item_kind(kind: Any) -> Any:
    for candidate in _alternatives(kind):
        arguments = get_args(candidate)
        if arguments:
            return arguments[0]
    return Any


def where(file: str, key: tuple[str, ...], text: str) -> str:
    """“server.toml, line 3”; the file alone where the line that sets `key` is not seen."""
    line = _line_of(text, key)
    return _("{file}, line {line}").format(file=file, line=line) if line else file


def _line_of(text: str, key: tuple[str, ...]) -> int | None:
    """The line of `text` that sets `key` (a header or `name =`); None where it is not seen."""
    section: tuple[str, ...] = ()
    for number, line in enumerate(text.splitlines(), 1):
        header = _HEADER.match(line)
        if header:
            section = tuple(part.strip().strip("\"'") for part in header[1].split("."))
            if section == key:
                return number
        else:
            name = line.split("=", 1)[0].strip() if "=" in line else ""
            if name and (*section, *(p.strip().strip("\"'") for p in name.split("."))) == key:
                return number
    return None


def _kind_words() -> dict[str, str]:
    return {
        "str": _("text in quotes"),
        "int": _("a whole number"),
        "float": _("a number"),
        "bool": _("true or false"),
        "object": _("a table"),
        "array": _("a list"),
    }


def _reason(said: str, kind: Any, key: str) -> str:
    words = _kind_words()
    expected = _EXPECTED.search(said)
    if expected:
        wanted = " / ".join(words.get(w.strip(), w.strip()) for w in expected[1].split("|"))
        return _("must be {wanted}, not {got}.").format(
            wanted=wanted, got=words.get(expected[2], expected[2])
        )
    value = _ENUM.fullmatch(said)
    if value:
        return _("cannot be “{value}”; valid: {choices}.").format(
            value=value[2], choices=", ".join(_choices(kind, key)) or "?"
        )
    return _("is not usable: {reason}.").format(reason=said)


def _choices(kind: Any, key: str) -> list[str]:
    """The words an enum or Literal at `key` (msgspec's path) may hold."""
    here: Any = kind
    for part in re.findall(r"[^.\[\]]+|\[[^\]]*\]", key):
        if part.startswith("["):
            here = _table_kinds(here, {part: 0}) or _item_kind(here)
            here = here[part] if isinstance(here, dict) else here
        else:
            here = (_table_kinds(here, {part: 0}) or {}).get(part, Any)
    choices: list[str] = []
    for candidate in _alternatives(here):
        if get_origin(candidate) is Literal:
            choices += [str(word) for word in get_args(candidate)]
        elif isinstance(candidate, EnumType):
            members: Mapping[str, Enum] = candidate.__members__
            choices += [str(member.value) for member in members.values()]
    return choices
