"""The real command with the real dnsmasq, on a bench of network namespaces: who asks as a PC's
firmware does gets the right answer, beside a router that gives the addresses."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
from pathlib import Path
from typing import Any

import pytest

from station_kit.netboot_network import ROUTER, SERVER, Bench, Serving, serving
from station_kit.processes import until

BIOS, UEFI = 0, 7
MENU = f"http://{SERVER}:8069/boot.ipxe"


def asked(bench: Bench, arch: int, *words: str, servers: int = 2) -> dict[str, Any]:
    script = Path(__file__).with_name("pxe_client.py")
    argv = bench.inside(
        "python3", script, "plug0", str(arch), str(servers), *words, where=bench.plug
    )
    found: dict[str, Any] = {}
    # On a plug that was only just put in, the unicast question to port 4011 may never arrive;
    # firmware begins again then, too.
    for _try in range(3):
        done = subprocess.run(argv, check=True, capture_output=True, text=True, timeout=60)
        found = json.loads(done.stdout)
        if (servers == 1 and found) or "4011" in found:
            break
    return found


def fetched(bench: Bench, url: str) -> bytes:
    script = f"import sys, urllib.request as u; sys.stdout.buffer.write(u.urlopen({url!r}).read())"
    argv = bench.inside("python3", "-c", script, where=bench.plug)
    return subprocess.run(argv, check=True, capture_output=True, timeout=60).stdout


def tftp(bench: Bench, name: str) -> bytes:
    """RFC 1350, one block after the other."""
    script = f"""
import socket, sys
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); s.settimeout(10)
s.sendto(b"\\0\\1{name}\\0octet\\0", ("{SERVER}", 69))
while True:
    data, host = s.recvfrom(600)
    assert data[:2] == b"\\0\\3", data
    sys.stdout.buffer.write(data[4:])
    s.sendto(b"\\0\\4" + data[2:4], host)
    if len(data) < 516:
        break
"""
    argv = bench.inside("python3", "-c", script, where=bench.plug)
    return subprocess.run(argv, check=True, capture_output=True, timeout=60).stdout


def test_beside_a_router_each_firmware_gets_its_program(
    bench: Bench, folder: Path, tmp_path: Path
) -> None:
    with serving(bench, tmp_path, folder) as running:
        running.hears("The network’s own DHCP server")
        for arch, program in ((BIOS, "undionly.kpxe"), (UEFI, "shimx64.efi")):
            said = asked(bench, arch)
            assert set(said) == {ROUTER, SERVER, "4011"}
            assert said[ROUTER]["offers"].startswith("10.77.0.1"), "the router gives addresses"
            assert said[SERVER]["offers"] == "0.0.0.0", "we give none"
            assert bytes.fromhex(said[SERVER]["options"]["60"]) == b"PXEClient"
            assert said["4011"]["file"] == program
            assert said["4011"]["next"] == SERVER
            assert tftp(bench, program) == (folder / "tftp" / program).read_bytes()
        for arch in (BIOS, UEFI):
            said = asked(bench, arch, "ipxe")
            assert MENU in (said[SERVER]["file"], said["4011"]["file"]), "iPXE gets no iPXE again"


def test_what_is_no_pc_that_starts_gets_no_answer(
    bench: Bench, folder: Path, tmp_path: Path
) -> None:
    """An ARM board, and so anything else that this image does not run on."""
    with serving(bench, tmp_path, folder) as running:
        running.hears("Ctrl+C ends it")
        said = asked(bench, 11)
        assert said.get("4011", {}).get("file", "") == ""


def test_files_and_settings_come_over_http_and_each_pc_is_told(
    bench: Bench, folder: Path, tmp_path: Path
) -> None:
    own = tmp_path / "own"
    own.mkdir()
    (own / "reprise.toml").write_text('[station]\nname = "school"\n')
    with serving(bench, tmp_path, folder, "--settings", own) as running:
        running.hears("Settings: reprise.toml")
        running.hears("0.1+abc 2026-11-25 is served on card0, http://10.77.0.2:8069/")
        base = f"http://{SERVER}:8069/"
        stub = tftp(bench, "grub/grub.cfg").decode()
        assert f"set reprise_server={SERVER}:8069\n" in stub
        for name in ("boot.ipxe", "grub.cfg", "vmlinuz", "live/filesystem.squashfs"):
            assert fetched(bench, base + name) == (folder / name).read_bytes()
        assert fetched(bench, base + "settings/reprise.toml") == (own / "reprise.toml").read_bytes()
        assert fetched(bench, base + "settings/files.list").endswith(b" 26 reprise.toml\n")
        running.hears("10.77.0.9        starts")
        running.hears("10.77.0.9        has the whole system")


def test_on_a_switch_of_its_own_it_gives_the_addresses(
    lonely: Bench, folder: Path, tmp_path: Path
) -> None:
    words = ("--dhcp-range", "10.77.0.60,10.77.0.70")
    with serving(lonely, tmp_path, folder, *words) as running:
        running.hears("no other DHCP server may be here")
        for arch, program in ((BIOS, "undionly.kpxe"), (UEFI, "shimx64.efi")):
            said = asked(lonely, arch, servers=1)[SERVER]
            assert said["offers"] in {f"10.77.0.{last}" for last in range(60, 71)}
            assert (said["file"], said["next"]) == (program, SERVER)
            assert "3" not in said["options"], "no way out of an isolated bench"
        assert asked(lonely, BIOS, "ipxe", servers=1)[SERVER]["file"] == MENU


def dnsmasq_of(running: Serving) -> int:
    pid = running.process.pid
    return int(Path(f"/proc/{pid}/task/{pid}/children").read_text().split()[0])


def scratch_folder(running: Serving) -> Path:
    """Where this very command keeps what dnsmasq reads."""
    words = Path(f"/proc/{dnsmasq_of(running)}/cmdline").read_text()
    found = re.search(r"/[^\0]*/reprise-netboot-[^/\0]+", words)
    assert found, words
    return Path(found[0])


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_signal_ends_it_and_dnsmasq(
    bench: Bench, folder: Path, tmp_path: Path, number: signal.Signals
) -> None:
    with serving(bench, tmp_path, folder) as running:
        running.hears("Ctrl+C ends it")
        scratch = scratch_folder(running)
        assert scratch.is_dir()
        assert running.ends(number) == 0
        assert "Ended: no PC starts from this machine any more." in running.said()
    argv = ["ip", "netns", "pids", bench.name]
    left = subprocess.run(argv, check=True, capture_output=True, text=True).stdout.split()
    assert left == []
    assert not scratch.exists()


def refused(bench: Bench, *words: str | Path, **env: str) -> tuple[int, str]:
    argv = bench.reprise("netboot", *words)
    done = subprocess.run(
        argv, capture_output=True, text=True, check=False, timeout=60, env={**os.environ, **env}
    )
    return done.returncode, done.stderr


def test_what_cannot_be_served_is_refused_at_once(
    bench: Bench, folder: Path, tmp_path: Path
) -> None:
    code, said = refused(bench, folder, "--interface", "eth9")
    assert (code, "there is no network interface “eth9”" in said) == (2, True), said
    code, said = refused(bench, folder, "--interface", "switch")
    assert (code, "has no IPv4 address" in said) == (2, True), said
    code, said = refused(bench, folder, "--interface", bench.card, "--address", "10.0.0.1")
    assert (code, "It has 10.77.0.2." in said) == (2, True), said
    code, said = refused(bench, tmp_path, "--interface", bench.card)
    assert (code, "make netboot" in said) == (2, True), said
    code, said = refused(
        bench, folder, "--interface", bench.card, "--dhcp-range", "10.1.0.1,10.1.0.9"
    )
    assert (code, "does not lie in" in said) == (2, True), said


def test_a_port_in_use_is_refused(bench: Bench, folder: Path, tmp_path: Path) -> None:
    with serving(bench, tmp_path, folder) as running:
        running.hears("Ctrl+C ends it")
        code, said = refused(bench, folder, "--interface", bench.card, "--port", "8070")
        assert (code, "UDP port 67 on card0 is in use" in said) == (2, True), said
        assert "Stop what else answers DHCP or TFTP" in said
    holds = f"import socket, time; s = socket.create_server(('{SERVER}', 8069)); time.sleep(60)"
    holder = subprocess.Popen(bench.inside("python3", "-c", holds))
    try:
        listening = bench.inside("ss", "-Hltn", "sport", "=", "8069")
        until(lambda: bool(subprocess.run(listening, capture_output=True, check=True).stdout), "ss")
        code, said = refused(bench, folder, "--interface", bench.card)
        assert (code, "port 8069 on 10.77.0.2 cannot be used" in said) == (2, True), said
    finally:
        holder.kill()
        holder.wait()


def test_a_dnsmasq_that_does_not_start_is_named(bench: Bench, folder: Path, tmp_path: Path) -> None:
    """PATH always has sbin for the command, so the program itself is hidden, by a mount."""
    hide = 'mount --bind /dev/null "$(command -v dnsmasq)" && exec "$@"'
    argv = bench.reprise("netboot", folder, "--interface", bench.card)
    done = subprocess.run(
        ["unshare", "--mount", "sh", "-c", hide, "sh", *argv],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 4, done.stderr
    assert "dnsmasq" in done.stderr


def test_when_dnsmasq_dies_the_command_says_so(bench: Bench, folder: Path, tmp_path: Path) -> None:
    with serving(bench, tmp_path, folder) as running:
        running.hears("Ctrl+C ends it")
        os.kill(dnsmasq_of(running), signal.SIGKILL)
        assert running.process.wait(30) == 4
        assert "dnsmasq ended" in running.said()
