"""JSON Schemas of the documents that leave a station, made from the domain's own types and from the
bounds of a report.

`python -m reprise.schemas` writes the files beside this one again; a unit test fails where they
are out of date.
"""

from __future__ import annotations

import json
from typing import Any

from reprise import codec
from reprise.domain.pc.hardware import Inventory
from reprise.domain.planning.plan import Plan
from reprise.domain.report.bounds import TEXT, Many, Named, Record, Shape, Text, shape_of
from reprise.domain.report.report import Report

# File name -> (type, title, urn). The number is the document's schema version.
DOCUMENTS: dict[str, tuple[type[object], str, str]] = {
    "report-1.json": (Report, "Reprise report", "urn:reprise:schema:report:1"),
    "inventory-1.json": (Inventory, "Reprise inventory", "urn:reprise:schema:inventory:1"),
    "plan-1.json": (Plan, "Reprise plan", "urn:reprise:schema:plan:1"),
}


def rendered() -> dict[str, bytes]:
    """File name -> exact bytes."""
    return {
        name: json.dumps(_schema(kind, title, urn), ensure_ascii=False, indent=2).encode() + b"\n"
        for name, (kind, title, urn) in DOCUMENTS.items()
    }


def _schema(kind: type, title: str, urn: str) -> dict[str, Any]:
    schema = codec.json_schema(kind, title, urn)
    definitions: dict[str, Any] = schema["$defs"]
    _bound(schema, shape_of(kind), definitions)
    return schema


def _bound(schema: dict[str, Any], shape: Shape, definitions: dict[str, Any]) -> None:
    """Write the most of each text and list into a schema, and into those that it names."""
    if isinstance(shape, Text):
        for one in (schema, *schema.get("anyOf", ())):
            if one.get("type") == "string":
                one["maxLength"] = shape.most
    elif isinstance(shape, Record):
        properties = definitions[schema["$ref"].rpartition("/")[2]]["properties"]
        for name, each in shape.fields.items():
            _bound(properties[name], each, definitions)
    elif isinstance(shape, Many):
        schema["maxItems"] = shape.most
        _bound(schema["items"], shape.each, definitions)
    elif isinstance(shape, Named):
        schema["maxProperties"] = shape.most
        schema["propertyNames"] = {"maxLength": TEXT}
        _bound(schema["additionalProperties"], shape.each, definitions)
