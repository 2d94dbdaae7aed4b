"""A system to set up that is nobody's: this machine's own files below, all changes above (overlayfs
in a mount namespace of its own, which goes with its last process)."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
PYTHON = "/usr/bin/python3"  # Debian's own: the light OS runs the first start with it
GROUPS = ("lpadmin", "scanner", "bluetooth", "netdev", "plugdev")  # as a desktop image has them
_ENTER = """set -e
m=$1; shift
mount -t overlay overlay -o "lowerdir=/,upperdir=$UPPER,workdir=$WORK" "$m"
mount --bind /dev "$m/dev"
mount -t proc proc "$m/proc"
mount --bind /sys "$m/sys"
"$@"
"""


def missing() -> str:
    """Why this cannot run here; "" where it can."""
    if os.geteuid() != 0:
        return "needs root (a scratch root is mounted)"
    tools = ("unshare", "useradd", "chpasswd", "update-locale", "localedef", "setupcon")
    lacking = [tool for tool in tools if shutil.which(tool) is None]
    return f"missing: {', '.join(lacking)} (make deps)" if lacking else ""


class Scratch:
    """`like`: one whose changes it begins with."""

    def __init__(self, folder: Path, like: Scratch | None = None) -> None:
        self.upper, self.work, self.merged = folder / "upper", folder / "work", folder / "merged"
        for one in (self.work, self.merged):
            one.mkdir(parents=True)
        if like is None:
            self.upper.mkdir()
        else:
            subprocess.run(["cp", "--archive", str(like.upper), str(self.upper)], check=True)

    def argv(self, command: Sequence[str], *apart: str) -> list[str]:
        """Runs `command`, outside the root but with the root mounted at `merged`. What it leaves
        running goes with it. `apart`: more of unshare's options."""
        enter = [
            "unshare",
            "--mount",
            "--propagation",
            "private",
            "--pid",
            "--fork",
            "--kill-child",
            *apart,
            "sh",
            "-c",
            _ENTER,
            "enter",
        ]
        return [*enter, str(self.merged), *command]

    def environment(self, **more: str) -> dict[str, str]:
        layers = {"UPPER": str(self.upper), "WORK": str(self.work)}
        plain = {"PYTHONPATH": str(APP), "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8"}
        return {**os.environ, **layers, **plain, **more}

    def run(self, command: Sequence[str], **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.argv(command), env=self.environment(**more), capture_output=True, text=True,
            timeout=60, check=False,
        )  # fmt: skip

    def inside(self, *command: str) -> str:
        """What `command` says in the root."""
        done = self.run(["chroot", str(self.merged), *command])
        assert done.returncode == 0, done.stderr
        return done.stdout

    def write(self, name: str, text: str, mode: int = 0o644) -> None:
        path = self.upper / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        path.chmod(mode)


def prepare(folder: Path) -> Scratch:
    """The layer that makes this machine look like a fresh light OS: no people, its groups, its
    languages, an empty /home."""
    base = Scratch(folder)
    people = {"root", "nobody"}
    for table in ("passwd", "shadow", "group", "gshadow", "subuid", "subgid"):
        lines = Path("/etc", table).read_text("utf-8").splitlines()
        kept = [line for line in lines if line.split(":")[0] in people or _is_system(line, table)]
        base.write(f"etc/{table}", "\n".join([*kept, ""]), 0o640 if "shadow" in table else 0o644)
    home = base.upper / "home"
    home.mkdir()
    os.setxattr(home, "trusted.overlay.opaque", b"y")
    base.write("etc/hosts", "127.0.0.1 localhost\n127.0.1.1 image\n::1 localhost\n")
    known = (base.upper / "etc/group").read_text("utf-8")
    for group in GROUPS:
        if f"\n{group}:" not in known:
            base.inside("groupadd", "--system", group)
    for locale in ("fr_FR", "en_US"):
        base.inside("localedef", "-i", locale, "-f", "UTF-8", f"{locale}.UTF-8")
    return base


def _is_system(line: str, table: str) -> bool:
    fields = line.split(":")
    if table in ("passwd", "group"):
        return int(fields[2]) < 1000
    if table in ("subuid", "subgid"):
        return False
    people = Path("/etc/passwd").read_text("utf-8").splitlines()
    ids = {one.split(":")[0]: int(one.split(":")[2]) for one in people}
    return ids.get(fields[0], 0) < 1000


def module(*words: str) -> list[str]:
    return [PYTHON, "-m", "reprise_first_start", *words]


if __name__ == "__main__":  # for a person: scratch.py FOLDER COMMAND…
    made = Scratch(Path(sys.argv[1]) / "own", prepare(Path(sys.argv[1]) / "base"))
    sys.exit(
        subprocess.run(made.argv(sys.argv[2:]), env=made.environment(), check=False).returncode
    )
