"""The disk that carries the lab into the guest: this checkout's tests and code, and pytest."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from vm.media import ROOT

MIB = 1024 * 1024
PACKAGES = ("pytest", "_pytest", "pluggy", "iniconfig", "packaging", "pygments")

PYTEST_INI = """\
[pytest]
addopts = -ra --strict-markers --import-mode=importlib -p no:cacheprovider
pythonpath = tests
xfail_strict = true
faulthandler_timeout = 900
filterwarnings =
    error::pytest.PytestUnhandledThreadExceptionWarning
markers =
    lab: emulated drives on the real kernel (in the VM)
    thorough: of `make lab` only
"""


def _site() -> Path:
    import pytest

    return Path(pytest.__file__).resolve().parents[1]


def _compile(tree: Path) -> None:
    """The station starts many times in the lab: compiling its code each time, on an emulated
    processor, would take most of the time. Another Python's bytecode is left alone by the guest,
    which then keeps its own on the disk."""
    argv = [sys.executable, "-m", "compileall", "-q", "--invalidation-mode", "unchecked-hash"]
    subprocess.run([*argv, "app", "site"], check=True, cwd=tree, capture_output=True)


def lab_disk(image: Path, folder: Path) -> Path:
    """An ext4 file system: tests/, app/ and site/ (pytest and what it needs)."""
    tree = folder / "tree"
    shutil.rmtree(tree, ignore_errors=True)
    leave = shutil.ignore_patterns("__pycache__", "*.egg-info", "*.py[co]")
    for name in ("app", "tests", "config"):
        shutil.copytree(ROOT / name, tree / name, ignore=leave)
    for name in PACKAGES:
        shutil.copytree(_site() / name, tree / "site" / name, ignore=leave)
    shutil.copy(_site() / "py.py", tree / "site")
    for info in _site().glob("*.dist-info"):
        if info.name.partition("-")[0].lower() in PACKAGES:
            shutil.copytree(info, tree / "site" / info.name)
    (tree / "pytest.ini").write_text(PYTEST_INI)
    _compile(tree)
    used = sum(path.stat().st_size + 4096 for path in tree.rglob("*"))
    with image.open("wb") as out:
        out.truncate((used * 3 // 2 // MIB + 32) * MIB)
    argv = ["mkfs.ext4", "-q", "-F", "-L", "LAB", "-d", str(tree), str(image)]
    subprocess.run(argv, check=True, capture_output=True)
    shutil.rmtree(tree)
    return image
