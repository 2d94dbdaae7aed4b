"""What the image must not do: listen, log in, mount or change anything of the PC's own drives.
And what it must: take answers on the serial port, with speech and braille beside the screens."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from vm.ear import sound
from vm.media import ROOT, digest, extract, kernel_and_initrd
from vm.qemu import Disk, Pc, running
from vm.shell import Shell
from vm.surfaces import MIB, make_stick, tempting_drive
from vm.technician import GREETING, SLOW
from vm.wire import Wire


@dataclass
class Inside:
    wire: Wire
    shell: Shell
    drive: Path
    before: str


@pytest.fixture(scope="module")
def inside(iso: Path, bench: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Inside]:
    """The image with all that can run beside the screens, and a root shell on a second serial
    port: the serial entry's own words, those of speech and braille, and that shell's."""
    folder = tmp_path_factory.mktemp("boot")
    kernel, initrd = kernel_and_initrd(iso, folder)
    menu = extract(iso, "/boot/grub/grub.cfg", folder / "grub.cfg").read_text()
    match = re.search(r"--hotkey=t \{[^}]*?\n\s+linux \S+ (.*)", menu)
    assert match
    words = f"{match[1]} reprise.speech reprise.braille systemd.debug_shell=ttyS1"
    drive = tempting_drive(bench / "inside-hdd.img")
    before = digest(drive)
    disks = [
        Disk(drive, "sata", "HDD-IN"),
        Disk(make_stick(iso, bench / "inside-stick.img", 1536 * MIB), "usb", "STICK-IN"),
    ]
    own = bench / "inside"
    extra = [*sound(own / "spoken.wav"), "-serial", f"unix:{own}/shell,server=on,wait=off"]
    start = kernel, initrd, words
    pc = Pc(own, disks, memory_mib=1536, link_up=True, kernel=start, extra=extra)
    with running(pc) as vm:
        wire, shell = Wire(vm.serial()), Shell(vm, "shell")
        shell.wait_ready(120 * SLOW)
        shell.run("systemctl is-system-running --wait", 120 * SLOW)
        yield Inside(wire, shell, drive, before)


def test_the_serial_port_asks_and_takes_answers(inside: Inside) -> None:
    wire = inside.wire
    wire.hears(GREETING, 150 * SLOW)
    said = ""
    questions = ("1 sur 4.", "2 sur 4.", "3 sur 4.", "4 sur 4.", "D : tous", "N : nouvelle lecture")
    for question in questions:
        said += wire.hears(question, 60 * SLOW)
        if question != questions[-1]:
            wire.types("")
    assert "HDD-IN" in said
    assert "SERA EFFACÉ" in said
    assert "\x1b" not in said, "plain lines move no cursor"


def test_the_screen_stands_beside_it_and_speech_and_braille_run(inside: Inside) -> None:
    shell = inside.shell
    for unit in ("station", "serial", "speech", "braille", "engine"):
        status, said = shell.run(f"systemctl is-active reprise-{unit}", 30 * SLOW)
        assert (status, said) == (0, "active"), unit
    _status, processes = shell.run("cat /proc/[0-9]*/cmdline | tr '\\0' ' '", 30 * SLOW)
    assert "station run --linear" in processes
    assert re.search(r"station run (?!--linear)", processes), "the screens on the console"
    assert "espeakup --default-voice=fr" in processes
    assert shell.run("lsmod | grep -q ^speakup_soft")[0] == 0


def test_no_port_listens(inside: Inside) -> None:
    status, sockets = inside.shell.run("ss -Hltnu")
    assert status == 0
    listening = [row for row in sockets.splitlines() if "127.0.0.1" not in row]
    # A DHCP client's socket is bound to this PC's own address and port 68 only.
    assert [row for row in listening if ":68 " not in row] == []
    _status, unix = inside.shell.run("ss -Hlx | grep -i brl")
    assert unix == ""


def test_nothing_of_the_pc_is_mounted_swapped_or_assembled(inside: Inside) -> None:
    _status, mounts = inside.shell.run("findmnt -rno SOURCE")
    _status, node = inside.shell.run("lsblk -dno NAME,SERIAL | awk '/HDD-IN/ {print $1}'")
    assert node
    assert node not in mounts
    assert inside.shell.run("swapon --show --noheadings")[1] == ""
    holders = inside.shell.run(f"ls -A /sys/block/{node}/holders /sys/block/{node}/*/holders")[1]
    assert [row for row in holders.splitlines() if row and not row.endswith(":")] == []


def test_no_log_in_prompt_anywhere(inside: Inside) -> None:
    _status, processes = inside.shell.run(
        "for p in /proc/[0-9]*/cmdline; do tr '\\0' ' ' <$p; echo; done"
    )
    assert "getty" not in processes
    assert "station run" in processes
    assert "station engine" in processes


def test_what_runs_is_closed_in(inside: Inside) -> None:
    """As the running kernel says it: docs/decisions/0174-hardening.md."""
    for unit in ("engine", "uplink"):
        own = f"/proc/$(systemctl show -P MainPID reprise-{unit})/status"
        _status, status = inside.shell.run(f"grep -E '^(NoNewPrivs|Seccomp):' {own}")
        assert status.split() == ["NoNewPrivs:", "1", "Seccomp:", "2"], unit
    tried = "import socket; socket.socket(socket.AF_INET)"
    like_the_engine = "systemd-run -q --wait -p RestrictAddressFamilies='AF_UNIX AF_NETLINK'"
    assert inside.shell.run(f'{like_the_engine} python3 -c "{tried}"', 60 * SLOW)[0] != 0
    assert inside.shell.run(f'python3 -c "{tried}"', 60 * SLOW)[0] == 0
    for module in ("fs-btrfs", "xfs", "hfsplus", "sctp", "dccp"):
        inside.shell.run(f"modprobe {module}")
        name = module.removeprefix("fs-")
        assert inside.shell.run(f"grep -w {name} /proc/modules")[0] != 0, module
    for name, value in (("kexec_load_disabled", "1"), ("kptr_restrict", "2"), ("sysrq", "0")):
        assert inside.shell.run(f"cat /proc/sys/kernel/{name}") == (0, value)
    _status, shadow = inside.shell.run("cut -d: -f2 /etc/shadow | sort -u")
    assert set("".join(shadow.split())) <= set("!*"), "a password opens an account"


def test_a_killed_screen_comes_back_to_the_same_engine(inside: Inside) -> None:
    def main_pid(unit: str) -> str:
        return inside.shell.run(f"systemctl show -P MainPID reprise-{unit}")[1].strip()

    def new_screen() -> str:
        """The pid of the screen that stands: systemd has heard that its first picture is there."""
        wait = (
            "for n in $(seq 60); do systemctl is-active -q reprise-station && break; sleep 1; done"
        )
        inside.shell.run(wait, 90 * SLOW)
        return main_pid("station")

    session = "ls /run/reprise/memory/journal/*.jsonl"
    wait = f"for n in $(seq 60); do {session} >/dev/null 2>&1 && break; sleep 1; done"
    inside.shell.run(wait, 90 * SLOW)
    engine, screen = main_pid("engine"), new_screen()
    assert "0" not in (engine, screen)
    status, journals = inside.shell.run(session)
    assert status == 0, "the engine has begun no session"
    inside.shell.run("systemctl kill -s KILL reprise-station; sleep 3")
    assert new_screen() not in ("0", screen)
    assert main_pid("engine") == engine
    assert inside.shell.run(session)[1] == journals, "a new session was begun"
    _status, mode = inside.shell.run("stat -c %a /run/reprise/engine.sock")
    assert mode.strip() == "600"


def test_the_inventory_of_the_vm_fits_its_schema(inside: Inside) -> None:
    import jsonschema

    status, text = inside.shell.run("reprise inventory --json 2>/dev/null", 120 * SLOW)
    assert status == 0
    schema = ROOT / "app" / "reprise" / "schemas" / "inventory-1.json"
    inventory = json.loads(text)
    jsonschema.validate(inventory, json.loads(schema.read_text()))
    serials = {d["identity"].get("serial"): d for d in inventory["drives"]}
    assert serials["STICK-IN"]["boot"]["is_boot"] is True
    assert serials["HDD-IN"]["boot"]["is_boot"] is False


def test_the_bill_of_materials_lists_what_is_installed(inside: Inside) -> None:
    list_them = "dpkg-query -W -f '${Package}@${Version}\\n'"
    status, installed = inside.shell.run(list_them)
    assert status == 0
    tell = (
        'import json; [print("deb" if "pkg:deb/" in c["purl"] else "-", c["name"] + "@" + '
        'c["version"], len(c["licenses"])) for c in json.load(open('
        '"/usr/share/reprise/sbom.cdx.json"))["components"]]'
    )
    _status, text = inside.shell.run(f"python3 -c '{tell}'", 60 * SLOW)
    rows = [line.split() for line in text.splitlines()]
    assert {name for kind, name, _count in rows if kind == "deb"} == set(installed.split())
    assert "reprise" in {name.partition("@")[0] for kind, name, _count in rows if kind == "-"}
    assert all(int(count) for _kind, _name, count in rows), "a package without a licence"


def test_no_file_names_the_folder_that_the_image_was_built_in(inside: Inside) -> None:
    """Another machine would get other bytes of the same commit."""
    look = f"grep -rlsF '{ROOT}/build' /usr/lib/reprise /usr/share/reprise /etc"
    assert inside.shell.run(look, 120 * SLOW) == (1, "")


def test_unreadable_sectors_are_found_and_never_verified(inside: Inside) -> None:
    """The kernel's scsi_debug drive with eight bad sectors: real EIO, by LBA, in the report."""
    load = "modprobe scsi_debug dev_size_mb=64 medium_error_start=4660 medium_error_count=8 opts=2"
    assert inside.shell.run(load)[0] == 0
    inside.shell.run("udevadm settle", 30 * SLOW)
    _status, node = inside.shell.run("lsblk -dno NAME,MODEL | awk '/scsi_debug/ {print $1}'")
    _status, plan = inside.shell.run(f"reprise plan --json --drive /dev/{node}", 60 * SLOW)
    identity = json.loads(plan)["drives"][0]["drive"]
    word = identity.get("serial") or identity["wwn"]
    command = f"reprise --data /run/sd erase --drive /dev/{node} --confirm '{word}' 2>/run/err"
    status, verdict = inside.shell.run(command, 300 * SLOW)
    assert status == 4, verdict
    show = "reprise report show /run/sd/reports/*.jws"
    _status, text = inside.shell.run(show, 60 * SLOW)
    report = json.loads(text)
    drive = next(d for d in report["drives"] if d["attempts"])
    assert drive["state"] in ("failed", "unverified")
    ranges = [(e["first_lba"], e["count"]) for e in drive["attempts"][-1]["medium_errors"]]
    bad = {lba for first, count in ranges for lba in range(first, first + count)}
    assert bad >= set(range(4660, 4668))
    assert len(bad) <= 64, "the bad place was not narrowed down"


def test_the_drive_is_as_it_was(inside: Inside) -> None:
    inside.shell.run("sync")
    assert digest(inside.drive) == inside.before
