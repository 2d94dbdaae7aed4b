"""French is complete and clean: every text has one, with the same placeholders. Both domains: the
station's, and the first start's, which the light OS carries."""

import ast
import re
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import reprise
import reprise_first_start

STATION, FIRST_START = (Path(str(one.__file__)).parent for one in (reprise, reprise_first_start))
KEYWORDS = {"_": None, "N_": None, "ngettext": (1, 2), "pgettext": ((1, "c"), 2)}
METHODS = [("**.py", "python"), ("**.html", "jinja2")]
_LITERAL = {"pgettext": 2}  # how many of its arguments; 1 of the others
PLACEHOLDER = re.compile(r"\{[^{}]*\}|%\([a-z_]+\)[sdr]|%[sdr]")


both = pytest.mark.parametrize("root", [STATION, FIRST_START], ids=["station", "first start"])


def _po(root: Path) -> Path:
    return root / "locale" / "fr" / "LC_MESSAGES" / f"{root.name}.po"


@cache
def _extracted(root: Path) -> dict[str, str]:
    """msgid -> where it is used. Of a plural, both forms."""
    found: dict[str, str] = {}
    for file, line, message, _comments, context in extract_from_dir(
        str(root), method_map=METHODS, keywords=KEYWORDS
    ):
        for msgid in _ids(message, context):
            found.setdefault(msgid, f"{file}:{line}")
    return found


def _ids(message: str | Sequence[str], context: str | None) -> Iterator[str]:
    """As the compiled catalogue has them: with their context, where they have one."""
    for msgid in filter(None, (message,) if isinstance(message, str) else message):
        yield f"{context}\x04{msgid}" if context else msgid


@cache
def _catalogue(root: Path) -> Catalog:
    with _po(root).open("rb") as file:
        return read_po(file, locale="fr", abort_invalid=True)


def _messages(root: Path) -> Iterator[tuple[Message, tuple[str, ...], tuple[str, ...]]]:
    """(entry, its msgids, its French strings)"""
    for message in _catalogue(root):
        if message.id:
            ids = tuple(_ids(message.id, message.context))
            told = message.string or ""
            yield message, ids, (told,) if isinstance(told, str) else tuple(told)


@both
def test_the_catalogue_has_a_date_of_its_own(root: Path) -> None:
    """Babel would compile the minute in, and no two images would be the same bytes."""
    assert '"POT-Creation-Date: 20' in _po(root).read_text("utf-8").partition("msgid")[2]


@both
def test_make_locale_finds_what_the_tests_find(root: Path) -> None:
    """By an extraction that finds nothing it would empty the catalogue."""
    config = STATION.parent / "babel.cfg" if root == STATION else root / "babel.cfg"
    with config.open() as file:
        methods, options = parse_mapping_cfg(file)  # type: ignore[no-untyped-call]  # Babel tells no types here
    found = extract_from_dir(str(STATION.parent), methods, options, keywords=KEYWORDS)
    assert {
        one for *_where, message, _c, context in found for one in _ids(message, context)
    } == set(_extracted(root))


def test_extraction_reads_code_and_templates() -> None:
    places = _extracted(STATION).values()
    assert len(_extracted(STATION)) > 300
    assert any(place.partition(":")[0].endswith(".html") for place in places)
    assert "Drives erased and verified: {done} of {count}" in _extracted(STATION)
    assert len(_extracted(FIRST_START)) > 150
    assert "Where your files go" in _extracted(FIRST_START)


@both
def test_every_text_has_its_french(root: Path) -> None:
    known = {msgid for _message, ids, strings in _messages(root) if all(strings) for msgid in ids}
    missing = [
        f"{where}: {msgid}" for msgid, where in _extracted(root).items() if msgid not in known
    ]
    assert not missing, "\n".join(missing)


@both
def test_nothing_is_fuzzy_or_left_over(root: Path) -> None:
    assert [message.id for message, _ids, _strings in _messages(root) if message.fuzzy] == []
    assert list(_catalogue(root).obsolete) == []
    unused = [
        ids[0] for _message, ids, _strings in _messages(root) if ids[0] not in _extracted(root)
    ]
    assert not unused, "\n".join(unused)


@both
def test_no_text_is_translated_twice(root: Path) -> None:
    entries = r'^((?:msgctxt ".*"\n)?)msgid ((?:".*"\n)+)'
    ids = re.findall(entries, _po(root).read_text("utf-8"), re.MULTILINE)
    texts = [of + "".join(map(ast.literal_eval, one.splitlines())) for of, one in ids]
    assert sorted(text for text in set(texts) if texts.count(text) > 1) == []


@both
def test_placeholders_are_the_same_in_french(root: Path) -> None:
    different = [
        ids[0]
        for _message, ids, strings in _messages(root)
        for string in strings
        if sorted(PLACEHOLDER.findall(ids[-1])) != sorted(PLACEHOLDER.findall(string))
    ]
    assert not different, "\n".join(different)


@both
def test_the_compiler_of_catalogues_finds_no_fault(root: Path) -> None:
    """It ends with an error for any, and stops the build."""
    found = [f"{one.id}: {error}" for one, errors in _catalogue(root).check() for error in errors]
    assert not found, "\n".join(found)


@both
def test_french_typography(root: Path) -> None:
    """« » for quotes, a space before the high punctuation, one character for an ellipsis."""
    wrong = [
        string
        for _message, _ids, strings in _messages(root)
        for string in strings
        if '"' in re.sub(r'= "[^"]*"', "", string)  # a line of TOML keeps its own quotes
        or "..." in string
        or "“" in string
        or re.search(r"[^\s«][;!?](\s|$)|\w(?<!Content-Type)(?<!%\(prog\)s):(\s|$)|«\S|\S»", string)
    ]
    assert not wrong, "\n".join(wrong)


def _is_marked(tree: ast.Module) -> bool:
    """Whether the module marks texts with N_, to translate them later."""
    return any(isinstance(node, ast.Name) and node.id == "N_" for node in ast.walk(tree))


def _calls(tree: ast.Module) -> Iterator[ast.Call]:
    wrappers = [n for n in ast.walk(tree) if isinstance(n, ast.FunctionDef) and n.name == "_"]
    inside = {id(node) for wrapper in wrappers for node in ast.walk(wrapper)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and id(node) not in inside:
            name = node.func.attr if isinstance(node.func, ast.Attribute) else None
            name = node.func.id if isinstance(node.func, ast.Name) else name
            if name in KEYWORDS:
                yield node


@both
def test_texts_are_plain_literals(root: Path) -> None:
    """An f-string or a sum inside _() is never found in the catalogue; a variable only where the
    module marks its texts with N_."""
    wrong = []
    for path in sorted(set(root.rglob("*.py")) - {root / "i18n.py"}):
        tree = ast.parse(path.read_text("utf-8"))
        marked = _is_marked(tree)
        for call in _calls(tree):
            for text in call.args[: _LITERAL.get(ast.unparse(call.func), 1)]:
                literal = isinstance(text, ast.Constant) and isinstance(text.value, str)
                variable = isinstance(text, ast.Name | ast.Subscript | ast.Attribute)
                if not literal and not (variable and marked):
                    wrong.append(f"{path.relative_to(root)}:{call.lineno}")
    for path in sorted(root.rglob("*.html")):
        found = re.findall(r"\b_\(\s*[^\"'\s]", path.read_text("utf-8"))
        wrong += [f"{path.relative_to(root)}: {one}" for one in found]
    assert not wrong, "\n".join(wrong)
