"""An earlier commit beside this checkout, run by the same interpreter with the same packages."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from bench import programs
from bench.running import run_and_read

_CHECKOUT = Path(__file__).resolve().parents[2]
_PYBABEL = str(Path(sys.executable).with_name("pybabel"))


@dataclass(frozen=True)
class Earlier:
    """`app`: the folder that its modules are in."""

    name: str
    app: Path

    def called(self, what: str) -> str:
        return f"{what}, {self.name}"


def unpacked(revision: str, folder: Path) -> Earlier:
    """The modules and settings of `revision`, under `folder`. Raises SystemExit where there is no
    such commit, or where Python would still take this checkout's modules."""
    root = folder / "earlier"
    root.mkdir()
    archive = root / "earlier.tar"
    git = ["git", "-c", f"safe.directory={_CHECKOUT}", "-C", str(_CHECKOUT)]
    _cost, told = run_and_read([*git, "rev-parse", "--short", f"{revision}^{{commit}}"])
    run_and_read([*git, "archive", f"--output={archive}", revision, "app", "config"])
    subprocess.run(["tar", "-x", "-C", str(root), "-f", str(archive)], check=True)
    archive.unlink()
    app = root / "app"
    catalogues = ["--domain", "reprise", "--directory", str(app / "reprise" / "locale")]
    run_and_read([_PYBABEL, "--quiet", "compile", "--use-fuzzy", *catalogues])
    _cost, module = run_and_read(
        [*programs.python(app), "-c", "import reprise; print(reprise.__file__)"]
    )
    if Path(module.strip()) != app / "reprise" / "__init__.py":
        raise SystemExit(f"bench: instead of {revision}, Python takes {module.strip()}")
    return Earlier(told.strip(), app)
