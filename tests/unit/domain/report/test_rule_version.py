"""The server judges anew what another number of the rule has judged: a change without a new number
leaves lists that say something else than the page."""

from __future__ import annotations

import ast
import hashlib
import sys
from pathlib import Path

import pytest

import reprise.domain
from reprise.domain.report.report_outcome import RULE_VERSION

JUDGES = (
    "drives/open_storage.py",
    "drives/scope.py",
    "drives/unreached.py",
    "drives/usb_port.py",
    "erasure/lifecycle.py",
    "erasure/sampling.py",
    "erasure/verification.py",
    "planning/plan.py",
    "planning/techniques.py",
    "report/at_odds.py",
    "report/done.py",
    "report/judged_again.py",
    "report/misfit.py",
    "report/outcome.py",
    "report/report_outcome.py",
    "report/told.py",
)


def digest_of(paths: list[Path]) -> str:
    """Of what they do, without what they say."""
    found = hashlib.sha256()
    for path in paths:
        tree = ast.parse(path.read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef):
                node.body = node.body[ast.get_docstring(node, clean=False) is not None :]
        found.update(ast.dump(tree).encode())
    return found.hexdigest()[:16]


@pytest.mark.skipif(
    sys.version_info[:2] != (3, 13), reason="the image's Python: others' trees differ"
)
def test_a_change_of_the_rule_has_a_number_of_its_own() -> None:
    """Where some report may come to something else since: raise RULE_VERSION. Then write down what
    the judges are by now."""
    root = Path(reprise.domain.__file__ or "").parent
    now = digest_of([root / name for name in JUDGES])
    assert (RULE_VERSION, now) == (9, "f4aba12dbd14daa8")
