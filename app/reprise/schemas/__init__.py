"""JSON Schemas of the documents that leave a station, made from the domain's own types.

`python -m reprise.schemas` writes the files beside this one again; a unit test fails where they
are out of date.
"""

from __future__ import annotations

import json

from reprise import codec
from reprise.domain.pc.hardware import Inventory
from reprise.domain.planning.plan import Plan
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
        name: json.dumps(codec.json_schema(kind, title, urn), ensure_ascii=False, indent=2).encode()
        + b"\n"
        for name, (kind, title, urn) in DOCUMENTS.items()
    }
