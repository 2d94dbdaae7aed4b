"""Every check is found by its name."""

from __future__ import annotations

from threading import Event as Flag

from reprise.bootstrap.checks import open_checks
from reprise.domain.checks.catalogue import CheckId
from unit.adapters.checks.check_kit import pc_of
from unit.adapters.hardware.made_tree import MadeTree


def test_each_check_of_the_catalogue_is_made_but_the_one_of_the_eyes(tree: MadeTree) -> None:
    checks = open_checks(pc_of(tree))
    assert list(checks) == [check for check in CheckId if check is not CheckId.SCREEN]
    for check, made in checks.items():
        own = made.run(Flag())
        item = next(iter(own), None)
        assert item is None or item.check is check
