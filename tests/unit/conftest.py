"""Shared by the tests of one function or one module."""

from __future__ import annotations

from pathlib import Path

import pytest

from unit.made_tree import MadeTree


@pytest.fixture
def tree(tmp_path: Path) -> MadeTree:
    return MadeTree(tmp_path)
