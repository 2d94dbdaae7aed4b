"""Software bill of materials of a Debian root folder: CycloneDX 1.6 in JSON, on standard output.

    python3 sbom.py ROOT NAME VERSION

Debian packages come from dpkg's status file, Python packages from the .dist-info folders below
usr/lib/reprise/site, licences from both (the short names of a machine-readable copyright file; a
file that is not machine-readable is named instead). The same root gives the same bytes: no time, no
random number.
"""

from __future__ import annotations

import json
import re
import sys
import uuid
from collections.abc import Iterator
from email.parser import HeaderParser
from pathlib import Path
from typing import Any
from urllib.parse import quote

Component = dict[str, Any]
_SITE = "usr/lib/reprise/site"
_LICENCE = re.compile(r"^License:[ \t]*(\S.*)$", re.MULTILINE)
_DEP5 = "copyright-format/1.0"


def document(root: Path, name: str, version: str) -> dict[str, Any]:
    """Raises OSError where `root` has no dpkg status."""
    parts = [*debian(root), *python(root)]
    parts.sort(key=lambda one: str(one["bom-ref"]))
    listed = json.dumps(parts, sort_keys=True)
    return {
        "$schema": "http://cyclonedx.org/schema/bom-1.6.schema.json",
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "serialNumber": f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, name + version + listed)}",
        "version": 1,
        "metadata": {
            "component": {
                "type": "operating-system",
                "bom-ref": name,
                "name": name,
                "version": version,
                "licenses": [{"license": {"id": "GPL-3.0-or-later"}}],
            }
        },
        "components": parts,
    }


def debian(root: Path) -> Iterator[Component]:
    parser = HeaderParser()
    for text in (root / "var/lib/dpkg/status").read_text("utf-8").split("\n\n"):
        fields = parser.parsestr(text)
        if fields["Status"] != "install ok installed":
            continue
        name, version, arch = fields["Package"], fields["Version"], fields["Architecture"]
        purl = f"pkg:deb/debian/{quote(name, safe='')}@{quote(version, safe='')}?arch={arch}"
        yield _component(purl, name, version, _debian_licences(root, name))


def python(root: Path) -> Iterator[Component]:
    parser = HeaderParser()
    for metadata in sorted((root / _SITE).glob("*.dist-info/METADATA")):
        fields = parser.parsestr(metadata.read_text("utf-8"))
        name, version = fields["Name"], fields["Version"]
        found = fields["License-Expression"] or (fields["License"] or "").strip().split("\n")[0]
        classes = [one for one in fields.get_all("Classifier", []) if one.startswith("License ::")]
        told = [found] if found else [one.rsplit(" :: ", 1)[-1] for one in classes]
        normal = re.sub(r"[-_.]+", "-", name).lower()
        yield _component(f"pkg:pypi/{normal}@{quote(version, safe='')}", name, version, told)


def _debian_licences(root: Path, package: str) -> list[str]:
    path = f"usr/share/doc/{package}/copyright"
    try:
        text = (root / path).read_text("utf-8", "replace")
    except OSError:
        return []
    if _DEP5 not in text:
        return [f"see /{path}"]
    return sorted({one.strip() for one in _LICENCE.findall(text)})


def _component(purl: str, name: str, version: str, licences: list[str]) -> Component:
    return {
        "type": "library",
        "bom-ref": purl,
        "name": name,
        "version": version,
        "purl": purl,
        "licenses": [{"license": {"name": one}} for one in licences],
    }


if __name__ == "__main__":
    json.dump(document(Path(sys.argv[1]), *sys.argv[2:4]), sys.stdout, indent=1, sort_keys=True)
