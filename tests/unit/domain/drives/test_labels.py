"""The labels of a stick, by which it is not erased: said once, and as the image is labelled."""

from __future__ import annotations

import ast

from reprise.domain.drives.boot_medium import LIVE_LABEL, STICK_LABELS
from station_kit.places import TOP


def test_the_labels_of_a_stick_are_said_in_one_module() -> None:
    says = {
        file.name
        for file in (TOP / "app").rglob("*.py")
        for node in ast.walk(ast.parse(file.read_text("utf-8")))
        if isinstance(node, ast.Constant) and node.value in STICK_LABELS
    }
    assert says == {"boot_medium.py"}
    assert {"REPRISE", "REPRISE_LIVE", "REPRISE_LIV"} == STICK_LABELS


def test_the_image_is_labelled_so() -> None:
    for name in ("live-build/build.sh", "live-build/auto/config"):
        assert f" {LIVE_LABEL} " in (TOP / name).read_text("utf-8")
