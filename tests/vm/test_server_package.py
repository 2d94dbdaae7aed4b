"""The central server's Debian package on a Debian without a network: installed, started, stopped,
started again with the PC, killed, upgraded, taken off. What it keeps stays, whatever is done."""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from server.kit import enrolled, fresh, signed
from station_kit.building import server_package
from station_kit.processes import until
from vm import debian
from vm.qemu import running
from vm.shell import Shell
from vm.technician import SLOW

UNIT = "reprise-server"
STATE = "/var/lib/reprise"
# One request of bash alone: status line, headers, body.
_ASK = r"""#!/bin/bash
# ask METHOD PATH [FILE]
exec 3<>/dev/tcp/127.0.0.1/8080
printf '%s %s HTTP/1.1\r\nHost: a\r\nConnection: close\r\n' "$1" "$2" >&3
if [ -n "$3" ]; then
    printf 'Content-Type: application/jose\r\nContent-Length: %s\r\n\r\n' "$(stat -c %s "$3")" >&3
    cat "$3" >&3
else printf '\r\n' >&3; fi
cat <&3
"""


@dataclass
class Guest:
    """The PC's shell, and the report that its station made."""

    shell: Shell
    report_id: str
    jws: bytes

    def does(self, command: str, timeout_s: float = 60) -> str:
        code, said = self.shell.run(command, timeout_s * SLOW)
        assert code == 0, f"{command}: {said}"
        return said

    def installs(self, package: str) -> str:
        return self.does(f"LANG=fr_FR.UTF-8 dpkg -i {package} 2>&1", 100)

    def asks(self, what: str) -> str:
        return self.does(f"bash /root/ask {what}")

    def hands_in(self, status: int) -> None:
        """200: these bytes are there already, whatever was done to the server."""
        answer = self.asks(f"PUT /api/v1/reports/{self.report_id} /root/report.jws")
        assert f" {status} " in answer.splitlines()[0], answer
        assert hashlib.sha256(self.jws).hexdigest() in answer

    def boots(self) -> str:
        """Which start this is; nothing while there is no shell."""
        try:
            code, said = self.shell.run("cat /proc/sys/kernel/random/boot_id", 5)
        except AssertionError:
            return ""
        return said.splitlines()[-1] if code == 0 else ""

    def wait_up(self) -> None:
        """On a busy host the first answers are 503: its database has not answered in time."""
        self.does(
            f"for n in $(seq 90); do systemctl -q is-active {UNIT} && break; sleep 1; done", 95
        )
        until(lambda: " 200 " in self.asks("GET /healthz"), "its health", 30 * SLOW)


@pytest.fixture(scope="module")
def guest(iso: Path, bench: Path, pytestconfig: pytest.Config) -> Iterator[Guest]:
    package = server_package(pytestconfig)
    station, report = enrolled(bench / "station.db", bench / "station"), fresh()
    jws = signed(station, report)
    (bench / "report.jws").write_bytes(jws)
    (bench / "ask").write_text(_ASK)
    files = {
        "one.deb": package,
        "two.deb": newer(package, bench / "newer"),
        "station.pub.pem": bench / "station" / "station.pub.pem",
        "report.jws": bench / "report.jws",
        "ask": bench / "ask",
    }
    needs = subprocess.run(
        ["dpkg-deb", "-f", package, "Depends"], check=True, capture_output=True, text=True
    ).stdout
    image = debian.system(bench, needs.replace(" ", "").strip(), files)
    with running(debian.pc(bench, iso, image)) as vm:
        shell = Shell(vm)
        shell.wait_ready(90 * SLOW)
        yield Guest(shell, report.report_id, jws)


def newer(package: Path, folder: Path) -> Path:
    """The same with a higher version, and other settings as they come."""
    subprocess.run(["dpkg-deb", "-R", package, folder], check=True)
    control, settings = folder / "DEBIAN/control", folder / "etc/reprise/server.toml"
    control.write_text(re.sub(r"(?m)^Version: .*", "Version: 99", control.read_text()))
    settings.write_text(settings.read_text() + "# of version 99\n")
    packed = folder.with_suffix(".deb")
    argv = ["dpkg-deb", "--root-owner-group", "-Zzstd", "-z1", "-b", str(folder), str(packed)]
    subprocess.run(argv, check=True, stdout=subprocess.DEVNULL)
    shutil.rmtree(folder)
    return packed


def test_it_installs_without_a_network_and_serves(guest: Guest) -> None:
    said = guest.installs("/root/one.deb")
    assert "Le serveur Reprise tourne" in said
    assert "journalctl -u reprise-server" in said
    guest.wait_up()
    journal = guest.does(f"journalctl -u {UNIT} --no-pager -o cat")
    assert "http://127.0.0.1:8080/set-up/" in journal


def test_its_files_are_its_own(guest: Guest) -> None:
    modes = guest.does(f"stat -c '%n %U:%G %a' {STATE} {STATE}/reprise.db /etc/reprise/server.toml")
    assert modes.splitlines() == [
        f"{STATE} reprise-server:reprise-server 750",
        f"{STATE}/reprise.db reprise-server:reprise-server 600",
        "/etc/reprise/server.toml root:reprise-server 640",
    ]
    running_as = guest.does(f"stat -c %U /proc/$(systemctl show -P MainPID {UNIT})")
    assert running_as == "reprise-server"
    assert guest.does(f"find {STATE} -perm /o=rwx") == ""
    assert guest.shell.run("runuser -u nobody -- cat /etc/reprise/server.toml")[0] != 0


def test_root_enrols_a_station_and_its_report_is_taken(guest: Guest) -> None:
    guest.does("reprise enroll --name Banc --key /root/station.pub.pem")
    guest.hands_in(201)
    assert guest.does(f"find {STATE} ! -user reprise-server") == ""


def test_it_stops_within_ten_seconds_and_is_begun_again_when_killed(guest: Guest) -> None:
    pid = f"systemctl show -P MainPID {UNIT}"
    before = guest.does(pid)
    guest.does(f"kill -9 {before}")
    guest.does(f'for n in $(seq 60); do [ "$({pid})" = {before} ] || break; sleep 1; done', 65)
    guest.wait_up()
    assert guest.does(pid) not in (before, "0")
    took = guest.does(f"a=$(date +%s); systemctl stop {UNIT}; echo $(($(date +%s) - a))")
    assert int(took) <= 10
    assert guest.does(f"systemctl show -P Result {UNIT}") == "success"


def test_a_wrong_setting_is_told_and_not_tried_for_ever(guest: Guest) -> None:
    settings = "/etc/reprise/server.toml"
    guest.does(f"sed -i 's/^page_size = .*/page_size = 0/' {settings}")
    assert guest.shell.run(f"systemctl start {UNIT}", 60 * SLOW)[0] != 0
    assert guest.does(f"systemctl show -P ActiveState {UNIT}") == "failed"
    assert "page_size" in guest.does(f"journalctl -u {UNIT} --no-pager -o cat -n 20")
    guest.does(f"sed -i 's/^page_size = .*/page_size = 25/' {settings}")


def test_it_starts_with_the_pc(guest: Guest) -> None:
    boot = guest.boots()
    guest.does("systemctl --no-block reboot")
    until(lambda: guest.boots() not in ("", boot), "the next start", 120 * SLOW)
    guest.shell.wait_ready(60 * SLOW)
    guest.wait_up()
    guest.hands_in(200)


def test_an_upgrade_keeps_reports_and_settings(guest: Guest) -> None:
    assert "Le serveur Reprise tourne" in guest.installs("--force-confold /root/two.deb")
    assert guest.does(f"dpkg-query -W -f '${{Version}}' {UNIT}") == "99"
    guest.wait_up()
    guest.hands_in(200)
    assert "page_size = 25" in guest.does("cat /etc/reprise/server.toml")


def test_what_is_purged_leaves_the_reports_and_says_so(guest: Guest) -> None:
    digest = guest.does(f"systemctl stop {UNIT} && sha256sum {STATE}/reprise.db")
    guest.does(f"dpkg -r {UNIT}")
    assert guest.does(f"sha256sum {STATE}/reprise.db") == digest
    said = guest.does(f"LANG=fr_FR.UTF-8 dpkg -P {UNIT} 2>&1")
    assert f"rm -r {STATE}" in said
    assert guest.does(f"sha256sum {STATE}/reprise.db") == digest
    assert guest.does(f"stat -c %U {STATE}/reprise.db") == "reprise-server"
    for gone in ("/etc/reprise", "/usr/lib/reprise-server", "/usr/bin/reprise"):
        assert guest.shell.run(f"test -e {gone}")[0] != 0, gone
    assert guest.shell.run(f"systemctl cat {UNIT}")[0] != 0
