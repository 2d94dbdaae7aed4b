"""A Debian of its own in a folder, from the build host's package mirrors. Root only."""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from vm.media import ROOT

_SUITE = "trixie"


def unpack(root: Path, options: Sequence[str]) -> None:
    """mmdebstrap with these options into `root`; works beside it."""
    sources = subprocess.run(
        ["sh", "-c", f". {ROOT}/live-build/mirrors.sh; host_sources {_SUITE}"],
        check=True, capture_output=True, text=True,
    ).stdout  # fmt: skip
    argv = ["mmdebstrap", "--quiet", "--mode=root", *options, _SUITE, str(root), "-"]
    with tempfile.TemporaryDirectory(dir=root.parent) as tmp:
        where = {**os.environ, "TMPDIR": tmp, "LC_ALL": "C"}
        subprocess.run(argv, input=sources, text=True, check=True, env=where)
