"""Logs on the stick: whole or not there, and no password in them."""

from __future__ import annotations

import fcntl
import os
import resource
import signal
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import fields, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from reprise.adapters.pc.command import SystemCommandRunner
from reprise.adapters.pc.facts import facts_text
from reprise.adapters.pc.log_folder import LogFolder
from reprise.adapters.pc.logs import UNITS, SystemLogs
from reprise.adapters.pc.wifi_secrets import wifi_secrets
from reprise.domain.install.options import InstallOptions
from reprise.domain.station.logs import LogPage, without_secrets
from reprise.errors import RefusedError, StorageError, ToolError
from reprise.settings import ServerSettings, Settings
from station_kit.places import TOP

pytestmark = pytest.mark.processes

AT = datetime(2026, 11, 25, 10, 15, 2, tzinfo=UTC)
NAME = "2026-11-25-101502Z"


@pytest.mark.parametrize(
    ("text", "clean"),
    [
        (
            "quiet reprise.install.password=Soleil7 toram",
            "quiet reprise.install.password=*** toram",
        ),
        ('reprise.install.password="two words" toram', "reprise.install.password=*** toram"),
        ("psk: 'Ma clé' next", "psk: *** next"),
        ("WEP-KEY0=abc", "WEP-KEY0=***"),
        ("proxy http://user:pw@10.0.0.1:3128/", "proxy http://***@10.0.0.1:3128/"),
        ("sent to https://user@host/x", "sent to https://***@host/x"),
        ("mail to a@b.fr about the password", "mail to a@b.fr about the password"),
        ("GET https://host/a@b", "GET https://host/a@b"),
        ("Nov 25 reprise[3]: /dev/sda: 12 %", "Nov 25 reprise[3]: /dev/sda: 12 %"),
    ],
)
def test_what_is_called_a_password_is_left_out(text: str, clean: str) -> None:
    assert without_secrets(text) == clean


def test_known_secrets_are_left_out_wherever_they_stand() -> None:
    text = "wpa: tried Soleil7 and Soleil77, then abc"
    assert without_secrets("an abcd of abc", ("abcd", "abc")) == "an *** of abc", "four characters"
    clean = without_secrets(text, ("Soleil7", "Soleil77", "abc"))
    assert clean == "wpa: tried *** and ***, then abc"  # a short one would stand in every word


def test_the_password_of_the_manual_is_no_secret() -> None:
    assert Settings().secrets() == ()
    server = ServerSettings("https://x.example", proxy="http://u:Lune2026@p:1")
    own = Settings(server=server, install=InstallOptions(password="Soleil7"))
    assert own.secrets() == ("Soleil7", "Lune2026")


def test_no_password_of_the_settings_is_forgotten() -> None:
    """Those that are added later, too."""
    found, given = Settings(), set()
    for section in fields(Settings):
        value = getattr(found, section.name)
        for field in fields(value):
            if "password" in field.name:
                given.add(f"{section.name} of a test")
                value = replace(value, **{field.name: f"{section.name} of a test"})
        found = replace(found, **{section.name: value})
    assert given == {"install of a test", "wifi of a test"}
    assert set(found.secrets()) == given


def test_the_secrets_of_wireless_networks_are_known(tmp_path: Path) -> None:
    (tmp_path / "salle.nmconnection").write_text(
        "[wifi-security]\npsk=Ma clé=7\nkey-mgmt=wpa-psk\n"
    )
    (tmp_path / "802.nmconnection").write_bytes(b"[802-1x]\npassword = \xe9t\xe9\npin=1234")
    (tmp_path / "folder").mkdir()
    found = wifi_secrets((tmp_path, tmp_path / "none"))
    assert sorted(found) == sorted(["Ma clé=7", "\ufffdt\ufffd", "1234"])


# The folder


@pytest.fixture
def stick(tmp_path: Path) -> Path:
    root = tmp_path / "stick"
    root.mkdir()
    return root


def folder_on(root: Path | None, reserve_bytes: int = 0) -> LogFolder:
    return LogFolder(lambda: root, lambda: AT, reserve_bytes)


def tree(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


def test_a_folder_is_put_whole_and_never_over_another_one(stick: Path) -> None:
    assert folder_on(stick).put({"a.txt": b"1"}) == f"logs/{NAME}"
    assert folder_on(stick).put({"a.txt": b"2"}) == f"logs/{NAME}-2"
    assert tree(stick) == {f"logs/{NAME}/a.txt": b"1", f"logs/{NAME}-2/a.txt": b"2"}


def test_without_a_stick_it_says_what_to_do(stick: Path) -> None:
    with pytest.raises(StorageError, match=r"pas ici de clé .* Branchez"):
        folder_on(None).put({"a.txt": b"1"})


def test_the_room_of_reports_is_not_taken(stick: Path) -> None:
    with pytest.raises(StorageError, match="place"):
        folder_on(stick, reserve_bytes=1 << 60).put({"a.txt": b"1"})
    assert tree(stick) == {}


@contextmanager
def files_no_larger_than(size_bytes: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size_bytes, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
        signal.signal(signal.SIGXFSZ, handler)


def test_what_fails_half_way_leaves_nothing(stick: Path) -> None:
    """The kernel itself refuses the second file."""
    with files_no_larger_than(1000), pytest.raises(StorageError):
        folder_on(stick).put({"a.txt": b"1", "b.txt": bytes(2000)})
    assert [p.name for p in (stick / "logs").iterdir()] == []


def test_what_a_power_cut_left_is_taken_away(stick: Path) -> None:
    (stick / "logs/.tmp-0123").mkdir(parents=True)
    (stick / "logs/.tmp-0123/a.txt").write_bytes(b"half")
    folder_on(stick).put({"a.txt": b"1"})
    assert tree(stick) == {f"logs/{NAME}/a.txt": b"1"}


def test_a_stick_that_cannot_take_a_folder_says_so(stick: Path) -> None:
    (stick / "logs").write_text("a file")
    with pytest.raises(StorageError, match="stick"):
        folder_on(stick).put({"a.txt": b"1"})


def test_two_screens_do_not_copy_at_once(stick: Path) -> None:
    (stick / "logs").mkdir()
    handle = os.open(stick / "logs", os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        with pytest.raises(RefusedError):
            folder_on(stick).put({"a.txt": b"1"})
    finally:
        os.close(handle)
    assert folder_on(stick).put({"a.txt": b"1"}) == f"logs/{NAME}"


def test_a_stick_that_went_away_meanwhile_is_told(stick: Path) -> None:
    seen = iter((stick, None))
    with pytest.raises(StorageError, match="retirée"):
        LogFolder(lambda: next(seen), lambda: AT, 0).put({"a.txt": b"1"})


# The log itself: small programs that say what the real ones do

JOURNALCTL = """#!/bin/sh
case "$*" in *--boot*) ;; *) exit 9 ;; esac
case "$*" in
    *--after-cursor=two*) echo "Nov 25 reprise[1]: three"; echo "-- cursor: three" ;;
    *--after-cursor=three*) ;;
    *--unit=reprise-engine.service) echo "engine: proxy http://u:Lune2026@p" ;;
    *--unit=reprise-station.service*) echo "Nov 25 reprise[1]: one"
        echo "Nov 25 reprise[1]: two Soleil7"
        case "$*" in *--show-cursor*) echo "-- cursor: two" ;; esac ;;
    *) echo "kernel: reprise.install.password=Soleil7"; echo "wpa: Soleil7" ;;
esac
"""


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    for name, text in (("journalctl", JOURNALCTL), ("dmesg", "#!/bin/sh\necho no >&2; exit 1")):
        (folder / name).write_text(text)
        (folder / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:{os.environ['PATH']}")
    return folder


def logs_on(root: Path | None, engine: Path | None = None) -> SystemLogs:
    secrets = ("Soleil7", "Lune2026")
    runner = SystemCommandRunner()
    return SystemLogs(runner, folder_on(root), lambda: "facts\n", lambda: secrets, engine)


def test_the_log_is_read_on_from_where_it_was(tools: Path) -> None:
    logs = logs_on(None)
    first = logs.read()
    assert first.cursor == "two"
    assert [line[-3:] for line in first.lines[:1]] == ["one"]
    assert logs.read("two") == LogPage(("Nov 25 reprise[1]: three",), "three")
    assert logs.read("three") == LogPage((), "three")
    assert logs.read(everything=True).lines[0] == "kernel: reprise.install.password=***"


def test_every_unit_of_the_image_is_asked_for() -> None:
    here = TOP / "live-build/station/includes.chroot/usr/lib/systemd/system"
    assert {path.stem for path in here.glob("reprise-*.service")} == {f"reprise-{u}" for u in UNITS}


def test_a_log_that_cannot_be_read_is_told(tools: Path) -> None:
    (tools / "journalctl").write_text("#!/bin/sh\necho 'No journal files' >&2; exit 1")
    with pytest.raises(ToolError, match="No journal files"):
        logs_on(None).read()


def test_all_logs_are_copied_without_passwords(tools: Path, stick: Path) -> None:
    folder = stick / logs_on(stick).copy()
    assert sorted(p.name for p in folder.iterdir()) == [
        "dmesg.txt",
        "engine.txt",
        "facts.txt",
        "journal.txt",
        "reprise.txt",
    ]
    everything = "".join(path.read_text() for path in folder.iterdir())
    assert "Soleil7" not in everything
    assert "Lune2026" not in everything
    assert "one" in (folder / "reprise.txt").read_text()
    assert "no" in (folder / "dmesg.txt").read_text()  # why it could not be read


def test_an_engine_of_ones_own_has_a_file(tools: Path, stick: Path, tmp_path: Path) -> None:
    (tmp_path / "engine.log").write_text("Traceback: Soleil7")
    folder = stick / logs_on(stick, tmp_path / "engine.log").copy()
    assert (folder / "engine.txt").read_text() == "Traceback: ***"
    folder = stick / logs_on(stick, tmp_path / "none.log").copy()
    assert "none.log" in (folder / "engine.txt").read_text()


def test_without_a_stick_nothing_is_read_first() -> None:
    with pytest.raises(StorageError):
        logs_on(None).copy()


def test_facts_name_the_pc_and_what_could_not_be_read(tmp_path: Path) -> None:
    (tmp_path / "proc").mkdir()
    (tmp_path / "proc/meminfo").write_text("MemTotal:  8000 kB\nMemFree: 1 kB\nA: 1\nB: 2\n")
    (tmp_path / "proc/mounts").write_text("/dev/sda1 / ext4\nproc /proc proc\n")
    one = "processor : 0\nmodel name\t: Core(TM)2 Duo\nflags\t\t: fpu ssse3\n\n"
    (tmp_path / "proc/cpuinfo").write_text(one + one.replace("ssse3", "other"))
    (tmp_path / "sys/class/net/eno1").mkdir(parents=True)
    (tmp_path / "sys/class/net/eno1/operstate").write_text("up\n")
    text = facts_text((("reprise", "1.0"),), tmp_path)
    assert text.startswith("reprise: 1.0\nkernel: Linux ")
    assert "memory: MemTotal: 8000 kB; MemFree: 1 kB; A: 1\n" in text
    assert "processor model name: Core(TM)2 Duo\nprocessor flags: fpu ssse3\n" in text
    assert "network eno1: up\n" in text
    assert "\n    proc /proc proc" in text
    assert "product_serial: (" in text
