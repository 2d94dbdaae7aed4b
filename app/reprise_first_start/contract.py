"""first-start.json: what the installer left for the first start, and what the person decided.

One file for both, so that one rename and one removal decide everything: without "accepted" the
questions are asked, with it they are not asked again, without the file there is nothing to do.
"""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from reprise_first_start.answers import Answers
from reprise_first_start.files import Root

FILE = "var/lib/reprise/first-start.json"
_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contract:
    """Texts are as the installer wrote them, "" where it did not know. `installed_on`: YYYY-MM-DD.
    `accepted`: None until the person said "finish". `replaces`: names of users that an earlier,
    unfinished try may have made."""

    language: str = "fr"
    keyboard: str = "fr"
    timezone: str = "Europe/Paris"
    organisation: str = ""
    installed_on: str = ""
    image_name: str = ""
    vendor: str = ""
    model: str = ""
    serial: str = ""
    certificate_url: str = ""
    report_id: str = ""
    help_text: str = ""
    accepted: Answers | None = None
    replaces: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)  # the file as it was found


def load(root: Root) -> Contract:
    """Never fails: whoever switched the PC on cannot repair a file. What is missing, broken or of
    the wrong kind has its default."""
    try:
        parsed = json.loads(root.read_text(FILE))
    except (OSError, ValueError) as error:
        _LOG.warning("%s cannot be used (%s): defaults", FILE, type(error).__name__)
        parsed = {}
    raw: dict[str, Any] = parsed if isinstance(parsed, dict) else {}
    plain = {
        name: _text(raw.get(name))
        for name in (
            "language", "keyboard", "timezone", "organisation", "installed_on", "certificate_url",
            "report_id", "help_text",
        )
    }  # fmt: skip
    image, computer = _table(raw.get("image")), _table(raw.get("computer"))
    known = {name: value for name, value in plain.items() if value}
    return Contract(
        **known,
        image_name=_text(image.get("name")),
        vendor=_text(computer.get("vendor")),
        model=_text(computer.get("model")),
        serial=_text(computer.get("serial")),
        accepted=Answers.of_json(raw.get("accepted")),
        replaces=_names(raw.get("replaces")),
        raw=raw,
    )


def accept(root: Root, contract: Contract, answers: Answers) -> Contract:
    """From here on the PC finishes by itself, whatever happens to it. Raises OSError."""
    return _write(root, contract, answers)


def withdraw(root: Root, contract: Contract) -> Contract:
    """What was accepted does not hold any more: after a power cut the questions are asked again.
    Raises OSError."""
    return contract if contract.accepted is None else _write(root, contract, None)


def _write(root: Root, contract: Contract, answers: Answers | None) -> Contract:
    before = () if contract.accepted is None else (contract.accepted.user,)
    replaces = {*contract.replaces, *before} - {answers.user if answers else ""}
    raw = {"format": 1, **contract.raw, "replaces": sorted(replaces)}
    raw["accepted"] = None if answers is None else answers.to_json()
    root.write(FILE, json.dumps(raw, ensure_ascii=False, indent=1) + "\n", mode=0o600)
    return load(root)


def finish(root: Root) -> None:
    """The last thing that is done."""
    root.remove(FILE)


def is_over(root: Root) -> bool:
    """Nothing is left to ask. Without a home the file was lost (the unit asks the same)."""
    home = root.at("home")
    return not root.at(FILE).exists() and home.is_dir() and any(home.iterdir())


def _text(value: object) -> str:
    return value.strip() if isinstance(value, str) else ""


def _table(value: object) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _names(value: object) -> tuple[str, ...]:
    return tuple(name for name in value if isinstance(name, str)) if isinstance(value, list) else ()
