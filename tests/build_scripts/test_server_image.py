"""The central server's container image: run as its configuration says, by podman where there is
one, and by chroot."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import tarfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from server.kit import children
from station_kit.building import BUILD, wait_for
from station_kit.places import TOP

pytestmark = pytest.mark.whole
NAME = "localhost/reprise-server:latest"


@dataclass(frozen=True)
class Image:
    archive: Path
    root: Path
    config: dict[str, Any]


@pytest.fixture(scope="module")
def image(pytestconfig: pytest.Config, tmp_path_factory: pytest.TempPathFactory) -> Image:
    if pytestconfig.getoption("--being-built"):
        wait_for("server")
    archive = BUILD / "reprise-server.tar"
    if not archive.exists():
        pytest.skip("no build/reprise-server.tar: make server-image")
    if os.geteuid() != 0:
        pytest.skip("only root unpacks files of other owners, and enters them")
    folder = tmp_path_factory.mktemp("image")
    with tarfile.open(archive) as tar:
        tar.extractall(folder, filter="data")
    (entry,) = json.loads((folder / "manifest.json").read_text())
    assert NAME in entry["RepoTags"]
    root = folder / "root"
    for layer in entry["Layers"]:
        root.mkdir(exist_ok=True)
        argv = ["tar", "-x", "--numeric-owner", "-f", folder / layer, "-C", root]
        subprocess.run(argv, check=True)
        (folder / layer).unlink()
    return Image(archive, root, json.loads((folder / entry["Config"]).read_text())["config"])


@dataclass(frozen=True)
class Container:
    """`pid`: of its first process, as the host counts."""

    process: subprocess.Popen[str]
    pid: int
    user: str

    def does(self, *words: str) -> subprocess.CompletedProcess[str]:
        """A command inside, as its user."""
        argv = ["nsenter", "--target", str(self.pid), "--mount", "--net", "--pid", "--root"]
        argv += ["--wdns=/", f"--setuid={self.user}", f"--setgid={self.user}", *words]
        return subprocess.run(argv, check=False, capture_output=True, text=True, timeout=60)


_ENTER = """
ip link set lo up && mount --bind "$0" "$0" && mount -o remount,bind,ro "$0" &&
mount --bind "$1" "$0/var/lib/reprise" && mount -t tmpfs tmpfs "$0/tmp" &&
mount -t proc proc "$0/proc" && mount --bind /dev/null "$0/dev/null" && shift && exec "$@"
"""


@contextmanager
def _run(image: Image, state: Path) -> Iterator[Container]:
    """Its own command by its own user, with processes and a network of its own; nothing but its
    volume and /tmp may be written. Until it has said that it serves."""
    user, _group = image.config["User"].split(":")
    os.chown(state, int(user), int(user))
    words = [*image.config["Entrypoint"], *image.config["Cmd"]]
    argv = ["unshare", "--mount", "--pid", "--net", "--fork", "--kill-child", "sh", "-c", _ENTER]
    argv += [str(image.root), str(state), "chroot", f"--userspec={image.config['User']}"]
    argv += [str(image.root), "/usr/bin/env", "-i", *image.config["Env"], *words]
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, text=True)
    try:
        assert process.stdout is not None
        assert "http://0.0.0.0:8080" in process.stdout.readline()
        yield Container(process, children(process.pid)[0], user)
    finally:
        process.kill()
        process.wait(20)


def test_it_runs_as_it_says_without_root_and_stops_when_asked(image: Image, tmp_path: Path) -> None:
    tmp_path.chmod(0o750)
    with _run(image, tmp_path) as container:
        asks = image.config["Healthcheck"]["Test"]
        assert asks[0] == "CMD"
        health = container.does(*asks[1:])
        assert health.returncode == 0, health.stderr
        status = Path(f"/proc/{container.pid}/status").read_text()
        assert f"Uid:\t{container.user}\t{container.user}" in status
        made = tmp_path / "reprise.db"
        assert (made.stat().st_uid, made.stat().st_mode & 0o777) == (int(container.user), 0o600)
        listed = container.does("/usr/bin/reprise", "enroll", "--list")
        assert listed.returncode == 0, listed.stderr
        assert container.does("sh", "-c", "echo >/usr/x").returncode != 0
        asked = time.monotonic()
        os.kill(container.pid, signal.SIGTERM)
        assert container.process.wait(20) == 0
        assert time.monotonic() - asked < 10


def test_a_backup_of_postgresql_finds_its_program(image: Image) -> None:
    assert list(image.root.glob("usr/lib/postgresql/*/bin/pg_dump"))


def test_no_mirror_of_the_build_host_is_in_it(image: Image) -> None:
    done = subprocess.run(
        ["sh", "-c", f". {TOP}/live-build/mirrors.sh; public_sources trixie"],
        check=True,
        capture_output=True,
        text=True,
    )
    sources = image.root / "etc/apt"
    assert (sources / "sources.list.d/debian.sources").read_text() == done.stdout
    names = sorted(path.name for path in sources.rglob("*") if path.is_file())
    assert names == ["70debconf", "debian.sources"]


def test_podman_takes_it(image: Image) -> None:
    if shutil.which("podman") is None:
        pytest.skip("podman is not installed")
    loaded = subprocess.run(
        ["podman", "load", "--input", image.archive], check=False, capture_output=True, text=True
    )
    if "remount" in loaded.stderr or "cgroup" in loaded.stderr:
        pytest.skip(f"podman cannot work on this machine: {loaded.stderr.strip()[-200:]}")
    assert loaded.returncode == 0, loaded.stderr
    assert NAME in loaded.stdout
