"""live-build/lightos/build.sh, up to where it would fetch a Debian."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from build_scripts.source_tree import keep_to_oneself, others_cannot_use, source_tree


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return source_tree(tmp_path / "top", app=True)


def _inputs(top: Path, name: str) -> subprocess.CompletedProcess[str]:
    """What the script takes for the inputs of a system, by its own function and its own call."""
    script = (top / "live-build/lightos/build.sh").read_text()
    function = re.search(r"^inputs_of\(\) \{\n.*?\n\}\n", script, re.S | re.M)
    call = re.search(r"^ *inputs=\$\(inputs_of .*$", script, re.M)
    assert function and call
    settings = f"set -euo pipefail\nLC_ALL=C\ntop='{top}'\nconfig=$top/config/images.toml\n"
    argv = ["bash", "-c", f"{settings}name={name}\n{function[0]}{call[0]}\necho $inputs"]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


@pytest.mark.whole
def test_every_file_of_ours_in_a_desktop_counts_as_its_input(top: Path, tmp_path: Path) -> None:
    root = tmp_path / "root"
    (root / "usr/lib").mkdir(parents=True)
    install = [str(top / "app/reprise_first_start/system/install.sh"), str(root)]
    alone = ["unshare", "--map-root-user"] if os.geteuid() else []
    subprocess.run([*alone, *install], check=True)
    copy = root / "usr/lib/reprise-first-start"
    copied = [path.relative_to(copy) for path in copy.rglob("*.py")]
    assert Path("reprise_common/nmcli.py") in copied
    desktop = _inputs(top, "debian-desktop").stdout
    minimal = _inputs(top, "debian-minimal").stdout
    for name in copied:
        with (top / "app" / name).open("a") as file:
            file.write("# changed\n")
        before, desktop = desktop, _inputs(top, "debian-desktop").stdout
        assert re.fullmatch("[0-9a-f]{64}\n", desktop)
        assert desktop != before, name
    assert _inputs(top, "debian-minimal").stdout == minimal


@pytest.mark.parametrize(
    ("gone", "said"),
    [
        ("config/images.toml", "images.toml"),
        ("live-build/sbom.py", "sbom.py"),
        ("app/reprise_common", "reprise_common"),
    ],
)
def test_an_input_that_cannot_be_read_ends_the_build(top: Path, gone: str, said: str) -> None:
    path = top / gone
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    done = _inputs(top, "debian-desktop")
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr


def test_a_system_that_the_catalogue_does_not_describe_ends_the_build(top: Path) -> None:
    config = top / "config/images.toml"
    config.write_text(config.read_text().replace('"debian-desktop"', '"another"'))
    done = _inputs(top, "debian-desktop")
    assert (done.returncode, done.stdout) == (2, "")
    assert "has no image named debian-desktop" in done.stderr


# Runs the hooks as mmdebstrap does, on a root of its own, and ends there.
_MMDEBSTRAP = """#!/bin/sh
umask 022
for word; do
    case $word in --*-hook=*) sh -c "${word#--*=}" exec "$ROOT" || exit 6 ;; esac
done
exit 7
"""


@pytest.mark.skipif(os.geteuid() != 0, reason="a system is built as root")
def test_a_private_clone_with_any_name_gives_a_desktop_for_everybody(tmp_path: Path) -> None:
    top = source_tree(tmp_path / "it's a clone", app=True)
    keep_to_oneself(top)
    system = top / "live-build/lightos"
    for script in (*system.glob("*/customize.sh"), system / "shared/clean.sh"):
        script.write_text(f'#!/bin/sh\necho "{script.parent.name}/{script.name} $#" >>"$1/ran"\n')
    root = tmp_path / "root"
    (root / "etc").mkdir(parents=True)
    (root / "etc/secret").touch(0o600)
    (tmp_path / "bin").mkdir()
    for name, text in {
        "mmdebstrap": _MMDEBSTRAP,
        "chroot": '#!/bin/sh\ncat >"$1/answers"\n',
    }.items():
        (tmp_path / "bin" / name).write_text(text)
        (tmp_path / "bin" / name).chmod(0o755)
    done = subprocess.run(
        ["bash", system / "build.sh", "debian-desktop"],
        capture_output=True,
        text=True,
        check=False,
        umask=0o077,
        env={"PATH": f"{tmp_path}/bin:{os.environ['PATH']}", "ROOT": str(root)},
    )
    assert done.returncode == 7, done.stderr
    shared, own, clean = (root / "ran").read_text().splitlines()
    assert (shared, own) == ("shared/customize.sh 2", "debian-desktop/customize.sh 2")
    assert clean == "shared/clean.sh 1"
    assert "locales/default_environment_locale" in (root / "answers").read_text()
    includes = system / "debian-desktop/includes"
    copied = [root / path.relative_to(includes) for path in includes.rglob("*")]
    assert copied
    assert [path for path in copied if others_cannot_use(path)] == []
    assert os.access(root / "usr/lib/reprise-desktop/welcome", os.X_OK)
    assert (root / "etc/secret").stat().st_mode & 0o777 == 0o600
