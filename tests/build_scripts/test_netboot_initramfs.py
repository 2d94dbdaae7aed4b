"""The start from the network, with the initramfs's own shell and programs (busybox) and a real HTTP
server: what comes, what does not, and what is said then."""

from __future__ import annotations

import hashlib
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from build_scripts.netboot_folder import make_folder
from reprise.adapters.netboot.folder import read_folder
from reprise.adapters.netboot.server import http_serving
from reprise.adapters.netboot.settings import NetbootSettings
from station_kit.places import TOP

SCRIPTS = TOP / "live-build/station/includes.chroot/usr/lib/live/boot"
_MUCH_KIB = 4 << 20


@dataclass
class Pc:
    """What the initramfs sees. `memory_kib`: what is left of it."""

    root: Path
    busybox: Path
    url: str
    digest: str
    memory_kib: int = _MUCH_KIB

    def starts(self, more: str = "") -> tuple[int, str, str]:
        """Runs find_livefs: (status, what it printed, what stands on the console)."""
        words = f"boot=live reprise.netboot={self.url} reprise.netboot.list={self.digest} quiet"
        (self.root / "cmdline").write_text(words)
        script = "".join((SCRIPTS / name).read_text() for name in _NAMES)
        for there, here in {
            "/proc/cmdline": "cmdline",
            "/run/reprise": "run",
            "/conf/": "conf/",
            "/dev/console": "console",
            "/etc/resolv.conf": "resolv.conf",
        }.items():
            script = script.replace(there, f"{self.root}/{here}")
        script = script.replace("sleep 2", "sleep 0")
        script = script.replace("> " + f"{self.root}/console", ">> " + f"{self.root}/console")
        script += (
            _STAND_INS.format(root=self.root, memory=self.memory_kib) + more + "\nfind_livefs 0\n"
        )
        done = subprocess.run(
            [self.busybox / "sh", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": str(self.busybox)},
            timeout=60,
        )
        console = (self.root / "console").read_text() if (self.root / "console").exists() else ""
        assert "not found" not in done.stderr, done.stderr
        return done.returncode, done.stdout.strip(), console


_NAMES = sorted(path.name for path in SCRIPTS.iterdir())  # as live-boot reads them
# The card, the mounts and the end are not this test's: tests/vm/test_netboot.py has them.
_STAND_INS = """
mountpoint={root}/medium
reprise_kib_available() {{ echo {memory}; }}
reprise_link() {{ echo eth0; }}
reprise_unlink() {{ echo "$1" > {root}/unlinked; }}
mount() {{ echo "$*" >> {root}/mounted; }}
reprise_stop() {{ echo "STOP: $1 | $2 | $3 | $4" >> {root}/console; exit 9; }}
"""


@pytest.fixture(scope="module")
def busybox(tmp_path_factory: pytest.TempPathFactory) -> Path:
    program = shutil.which("busybox")
    if program is None:
        pytest.skip("needs busybox")
    folder = tmp_path_factory.mktemp("busybox")
    listed = subprocess.run([program, "--list"], check=True, capture_output=True, text=True)
    for applet in listed.stdout.split():
        (folder / applet).symlink_to(program)
    return folder


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_folder(tmp_path_factory.mktemp("made"))


@pytest.fixture
def pc(tmp_path: Path, busybox: Path, served: Path) -> Iterator[Pc]:
    mine = tmp_path / "served"
    shutil.copytree(served, mine)
    settings = NetbootSettings({"reprise.toml": b'[station]\nname = "bench"\n'})
    files: dict[str, Path | bytes] = {**read_folder(mine).files, **settings.served()}
    digest = hashlib.sha256((mine / "files.list").read_bytes()).hexdigest()
    (tmp_path / "conf").mkdir()
    (tmp_path / "conf/reprise-image-id").write_bytes(b"build 1\n")
    with http_serving("127.0.0.1", 0, files, lambda _fetch: None) as port:
        yield Pc(tmp_path, busybox, f"http://127.0.0.1:{port}/", digest)


def test_the_whole_medium_comes_and_the_settings_go_where_the_station_reads_them(pc: Pc) -> None:
    status, printed, console = pc.starts()
    assert (status, printed) == (0, f"{pc.root}/medium"), console
    medium, source = pc.root / "medium", pc.root / "served"
    there = {p.relative_to(medium).as_posix() for p in medium.rglob("*") if p.is_file()}
    wanted = {p for p in there if p.startswith(("live/", "reprise/"))}
    assert there == wanted
    assert "live/filesystem.squashfs" in there
    assert "reprise/os/light.squashfs" in there
    assert all((medium / name).read_bytes() == (source / name).read_bytes() for name in there)
    run = pc.root / "run"
    assert (run / "memory/reprise.toml").read_text() == '[station]\nname = "bench"\n'
    assert (run / "memory").stat().st_mode & 0o777 == 0o700
    assert (run / "memory/reprise.toml").stat().st_mode & 0o777 == 0o600
    assert (run / "medium").read_text() == f"network={pc.url}\n"
    assert (run / "toram").read_text() == "yes\n"
    assert {p.name for p in run.iterdir()} == {"memory", "medium", "toram"}
    assert (pc.root / "unlinked").read_text() == "eth0\n"
    mounts = (pc.root / "mounted").read_text().splitlines()
    assert all(line.startswith(("-t tmpfs ", "-o remount,ro ")) for line in mounts)
    size_kib = int(mounts[0].split("size=")[1].split("k")[0])
    took = subprocess.run(
        ["du", "-sk", "--apparent-size", medium], check=True, capture_output=True, text=True
    )
    assert int(took.stdout.split()[0]) <= size_kib < int(took.stdout.split()[0]) + 2048


def test_a_second_copy_is_not_made(pc: Pc) -> None:
    status, _printed, _console = pc.starts(more="copy_live_to /nowhere || exit 7")
    assert status == 0
    assert "nowhere" not in (pc.root / "mounted").read_text()


def test_with_less_memory_the_light_system_stays_away_and_that_is_noted(pc: Pc) -> None:
    pc.memory_kib = 800 * 1024
    status, _printed, _console = pc.starts()
    assert status == 0
    assert (pc.root / "medium/live/filesystem.squashfs").exists()
    assert not (pc.root / "medium/reprise/os").exists()
    assert (pc.root / "run/left-out").exists()


def test_with_too_little_memory_it_says_so_before_it_fetches(pc: Pc) -> None:
    pc.memory_kib = 300 * 1024
    status, _printed, console = pc.starts()
    assert status == 9
    assert "trop peu de mémoire" in console
    assert "too little memory" in console
    assert "depuis une clé" in console
    assert not (pc.root / "medium/live").exists()


def test_another_list_than_the_menu_s_stops(pc: Pc) -> None:
    pc.digest = "0" * 64
    status, _printed, console = pc.starts()
    assert status == 9
    assert "n'est plus celui du menu de démarrage" in console
    assert not (pc.root / "medium/live").exists()


def test_a_server_that_is_away_stops_with_what_to_do(pc: Pc) -> None:
    pc.url = "http://127.0.0.1:9/"
    status, _printed, console = pc.starts()
    assert status == 9
    assert "http://127.0.0.1:9/ ne répond pas" in console
    assert "Vérifiez le câble" in console
    assert "does not answer" in console


@pytest.mark.parametrize("damage", ["changed", "shorter"])
def test_a_file_that_does_not_come_whole_stops(pc: Pc, damage: str) -> None:
    file = pc.root / "served/live/filesystem.squashfs"
    data = file.read_bytes()
    file.write_bytes(data[:-1] + (b"?" if damage == "changed" else b""))
    status, _printed, console = pc.starts()
    assert status == 9
    assert "live/filesystem.squashfs n'a pas été reçu en entier" in console
    assert not (pc.root / "run/medium").exists()


def test_an_initramfs_of_another_build_stops(pc: Pc) -> None:
    (pc.root / "conf/reprise-image-id").write_bytes(b"build 0\n")
    status, _printed, console = pc.starts()
    assert status == 9
    assert "ne correspondent pas" in console


@pytest.mark.parametrize(
    "listed", ["0" * 64 + " 3 reprise.toml\n", "0" * 64 + " 3 ../../etc/passwd\n"]
)
def test_settings_that_do_not_come_stop_a_station_never_goes_on_without(
    pc: Pc, busybox: Path, listed: str
) -> None:
    files: dict[str, Path | bytes] = {**read_folder(pc.root / "served").files}
    files |= {"settings/files.list": listed.encode(), "settings/reprise.toml": b"x=1"}
    with http_serving("127.0.0.1", 0, files, lambda _fetch: None) as port:
        pc.url = f"http://127.0.0.1:{port}/"
        status, _printed, console = pc.starts()
    assert status == 9
    assert "les réglages de l'organisme manquent" in console
    assert not (pc.root / "run/medium").exists()


@pytest.mark.parametrize(
    ("status", "words"),
    [(1, "aucune carte réseau"), (2, "aucun câble réseau"), (3, "aucun serveur DHCP")],
)
def test_why_there_is_no_network_is_said(pc: Pc, status: int, words: str) -> None:
    code, _printed, console = pc.starts(more=f"reprise_link() {{ return {status}; }}")
    assert code == 9
    assert words in console


def test_cards_wired_only_and_the_one_that_started_first(pc: Pc) -> None:
    net = pc.root / "net"
    for name, address, parts in (
        ("eth0", "52:54:00:00:00:01", ("device",)),
        ("eth1", "52:54:00:00:00:ab", ("device",)),
        ("lo", "00:00:00:00:00:00", ()),
        ("wlan0", "52:54:00:00:00:02", ("device", "phy80211")),
    ):
        for part in parts or (".",):
            (net / name / part).mkdir(parents=True, exist_ok=True)
        (net / name / "address").write_text(address + "\n")
    script = "".join((SCRIPTS / name).read_text() for name in _NAMES)
    script = script.replace("/proc/cmdline", f"{pc.root}/cmdline")
    script = script.replace("/sys/class/net", str(net))
    for bootif in ("01-52-54-00-00-00-AB", "01-52:54:00:00:00:ab"):
        (pc.root / "cmdline").write_text(f"quiet BOOTIF={bootif}\n")
        done = subprocess.run(
            [pc.busybox / "sh", "-c", script + "\nreprise_cards\n"],
            capture_output=True,
            text=True,
            check=True,
            env={"PATH": str(pc.busybox)},
        )
        assert done.stdout.split() == ["eth1", "eth0"]
