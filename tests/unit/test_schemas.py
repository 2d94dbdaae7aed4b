"""The shipped JSON Schemas are those of today's types, and they can say no."""

import json
from copy import deepcopy
from pathlib import Path
from typing import Any

import jsonschema
import pytest

import reprise.schemas
from reprise import codec
from reprise.domain.report.report import Report
from reprise.schemas import rendered
from unit.domain.pc import samples

FOLDER = Path(reprise.schemas.__file__).parent


def _validator(name: str) -> jsonschema.Draft202012Validator:
    schema = json.loads((FOLDER / name).read_bytes())
    jsonschema.Draft202012Validator.check_schema(schema)
    return jsonschema.Draft202012Validator(
        schema, format_checker=jsonschema.Draft202012Validator.FORMAT_CHECKER
    )


def _plain(report: Report) -> Any:
    return json.loads(codec.to_json(report))


@pytest.mark.parametrize("name", sorted(rendered()))
def test_the_committed_file_is_up_to_date(name: str) -> None:
    assert (FOLDER / name).read_bytes() == rendered()[name], "run: python -m reprise.schemas"


@pytest.mark.parametrize("make", samples.ALL, ids=lambda make: make.__name__)
def test_documents_validate_and_come_back_the_same(make: Any) -> None:
    report = make()
    _validator("report-1.json").validate(_plain(report))
    _validator("inventory-1.json").validate(json.loads(codec.to_json(report.inventory)))
    if report.plan is not None:
        _validator("plan-1.json").validate(json.loads(codec.to_json(report.plan)))
    assert codec.from_json(codec.to_json(report), Report) == report


def _places(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every object key of a document, as a path."""
    found: list[tuple[Any, ...]] = []
    if isinstance(value, dict):
        for key, inner in value.items():
            found += [(*path, key), *_places(inner, (*path, key))]
    if isinstance(value, list):
        for index, inner in enumerate(value):
            found += _places(inner, (*path, index))
    return found


_FREE = ("tools", "unknown", "detail", "capabilities", "evidence")  # maps with any keys


def _at(document: Any, path: tuple[Any, ...]) -> Any:
    for step in path:
        document = document[step]
    return document


def test_no_field_can_be_renamed() -> None:
    document, validator = _plain(samples.good_report()), _validator("report-1.json")
    places = [p for p in _places(document) if not any(step in _FREE for step in p[:-1])]
    assert len(places) > 250
    for path in places:
        changed = deepcopy(document)
        parent = _at(changed, path[:-1])
        parent[f"{path[-1]}x"] = parent.pop(path[-1])
        assert not validator.is_valid(changed), path


@pytest.mark.parametrize(
    "path", [("drives",), ("station", "kid"), ("schema",), ("drives", 0, "state"), ("clock",)]
)
def test_a_missing_field_is_refused(path: tuple[Any, ...]) -> None:
    changed = _plain(samples.good_report())
    del _at(changed, path[:-1])[path[-1]]
    assert not _validator("report-1.json").is_valid(changed)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("drives", 0, "state"), "erased"),
        (("drives", 0, "identity", "size_bytes"), -1),
        (("drives", 0, "identity", "wwn"), None),
        (("schema",), "reprise-report/2"),
        (("clock", "trusted"), "yes"),
    ],
)
def test_a_wrong_value_is_refused(path: tuple[Any, ...], value: object) -> None:
    changed = _plain(samples.good_report())
    _at(changed, path[:-1])[path[-1]] = value
    assert not _validator("report-1.json").is_valid(changed)
