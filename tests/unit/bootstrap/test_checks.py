"""Every check is found by its name."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path
from threading import Event as Flag

import pytest

from reprise.bootstrap.checks import class_name, open_checks
from reprise.domain.checks.catalogue import CheckId
from station_kit.places import TOP
from unit.adapters.checks.check_kit import pc_of
from unit.adapters.hardware.made_tree import MadeTree


def test_each_check_of_the_catalogue_is_made_but_the_one_of_the_eyes(tree: MadeTree) -> None:
    checks = open_checks(pc_of(tree))
    assert list(checks) == [check for check in CheckId if check is not CheckId.SCREEN]
    for check, made in checks.items():
        own = made.run(Flag())
        item = next(iter(own), None)
        assert item is None or item.check is check


@pytest.mark.processes
def test_lint_finds_the_classes_that_are_found_by_name(tmp_path: Path) -> None:
    """`make lint` tells vulture of them."""
    found = re.search(r"sed -nE '(.+)' \S+checks/catalogue\.py", (TOP / "Makefile").read_text())
    assert found is not None
    rows = (TOP / "app/reprise/domain/checks/catalogue.py").read_text("utf-8")
    made = tmp_path / "catalogue.py"
    made.write_text(f'{rows}\n    OPTICAL_DRIVE = "optical-drive", CheckSpec(_GUIDED, any_pc)\n')
    done = subprocess.run(
        ["sed", "-nE", found[1], made], capture_output=True, text=True, check=True
    )
    names = [*map(class_name, CheckId), "OpticalDriveCheck"]
    assert done.stdout.split() == names
    assert class_name("optical-drive") == names[-1]
