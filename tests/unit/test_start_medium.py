"""Which medium the initramfs starts from, with its own shell and programs (busybox), on made PCs:
the stick first, then a disc or a card, and an image inside the PC last and late."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from unit.netboot_folder import TOP

SCRIPT = TOP / "live-build/station/includes.chroot/usr/lib/live/boot/9991-reprise.sh"
AHCI = "pci0000:00/0000:00:1f.2/ata{n}/host{n}/target{n}:0:0/{n}:0:0:0"
NVME = "pci0000:00/0000:00:1d.0/0000:01:00.0/nvme/nvme0"
MMC = "pci0000:00/0000:00:1e.0/mmc_host/mmc{n}/mmc{n}:0001"
USB = "pci0000:00/0000:00:14.0/usb1/1-{n}/1-{n}:1.0/host{n}/target{n}:0:0/{n}:0:0:0"
BEHIND_HUB = "pci0000:00/0000:00:14.0/usb1/1-8/1-8.{n}/1-8.{n}:1.0/host{n}/target{n}:0:0/{n}:0:0:0"
LATE = 3600  # seconds since the search began


@dataclass
class Pc:
    """Every drive carries our image of this build; `builds` names those of another. `types`: file
    systems that are not the image's own, and hold its files all the same."""

    root: Path
    builds: dict[str, str] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)
    count: int = 1
    line: str = "quiet"

    def drive(self, name: str, place: str, parts: int = 2, **removable: str) -> None:
        """`removable`: words of the firmware, port (“usb1_1-2” is usb1/1-2) -> word."""
        self.count += 1
        where = self.root / "sys/devices" / place.format(n=self.count) / "block" / name
        self._node(where, name, "disk")
        for number in range(1, parts + 1):
            part = f"{name}{'p' if name[-1].isdigit() else ''}{number}"
            self._node(where / part, part, "partition")
        for port, word in removable.items():
            folder = next(one for one in where.parents if one.name == port.format(n=self.count))
            (folder / "removable").write_text(word + "\n")

    def _node(self, folder: Path, name: str, kind: str) -> None:
        folder.mkdir(parents=True)
        (folder / "uevent").write_text(f"DEVNAME={name}\nDEVTYPE={kind}\n")
        link = self.root / "sys/class/block" / name
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(folder)
        (self.root / "dev").mkdir(exist_ok=True)
        (self.root / "dev" / name).touch()

    def card(self, name: str, kind: str) -> None:
        self.drive(name, MMC)
        where = (self.root / "sys/class/block" / name).resolve()
        (where.parents[1] / "type").write_text(kind + "\n")

    def starts_from(self, seconds: int = LATE) -> str:
        """The node's name that find_livefs keeps; "" where it keeps none yet."""
        shutil.rmtree(self.root / "run", ignore_errors=True)
        done = self._runs(f"find_livefs {seconds}")
        note = self.root / "run/medium"
        assert done.returncode == (0 if note.exists() else 1)
        first = note.read_text().splitlines()[0] if note.exists() else ""
        return first.rpartition("/")[2]

    def says_at_the_end(self) -> list[str]:
        """What is wrong and what to do, in French, once the search has come to nothing."""
        assert self.starts_from() == ""
        asked = 'reprise_stop() { echo "$1"; echo "$2"; exit; }\n'
        words = "Unable to find a medium containing a live file system"
        return self._runs(f"{asked}panic {words}").stdout.splitlines()

    def mounts(self) -> list[str]:
        """Since power-on: type, options, node."""
        path = self.root / "mounts"
        return path.read_text().splitlines() if path.exists() else []

    def _runs(self, what: str) -> subprocess.CompletedProcess[str]:
        shutil.rmtree(self.root / "medium", ignore_errors=True)
        (self.root / "id").write_text("this build\n")
        (self.root / "cmdline").write_text(f"boot=live {self.line}\n")
        script = SCRIPT.read_text()
        for there, here in {
            "/proc/cmdline": "cmdline",
            "/run/reprise": "run",
            "/conf/reprise-image-id": "id",
            "/sys/class/block": "sys/class/block",
            "/dev/$": "dev/$",
            "/dev/mapper": "dev/mapper",
        }.items():
            script = script.replace(there, f"{self.root}/{here}")
        script = script.replace("> /dev/console", f">> {self.root}/console")
        script = script.replace("[ -b ", "[ -e ")  # the made nodes are files
        others = " ".join(self.builds) or "none"
        types = "".join(f"{node}) echo {kind} ;;\n" for node, kind in self.types.items())
        script += _STAND_INS.format(root=self.root, others=others, types=types) + what + "\n"
        done = subprocess.run(
            [self.root / "busybox/sh", "-c", script],
            capture_output=True,
            text=True,
            check=False,
            env={"PATH": f"{self.root}/busybox"},
            timeout=60,
        )
        assert done.stderr == ""
        return done


_STAND_INS = """
mountpoint={root}/medium
kind() {{
    case "$1" in
{types}    esac
}}
blkid() {{
    if [ -n "$(kind "${{5##*/}}")" ]; then
        [ "$4" != TYPE ] || kind "${{5##*/}}"
        return
    fi
    case "$4 $5" in
        *sd?2 | *p2) ;;
        TYPE*) echo iso9660 ;;
        LABEL*) echo REPRISE_LIVE ;;
    esac
}}
mount() {{
    echo "$2 $4 ${{5##*/}}" >> {root}/mounts
    for last; do :; done
    mkdir -p "$last/live" "$last/reprise"
    touch "$last/live/filesystem.squashfs"
    echo "this build" > "$last/reprise/image-id"
    case " {others} " in *" ${{5##*/}} "*) echo "another build" > "$last/reprise/image-id" ;; esac
}}
umount() {{ rm -rf "$1"; mkdir "$1"; }}
udevadm() {{ echo ID_FS_UUID=2026-11-24-16-05-00-00; }}
"""


@pytest.fixture
def pc(tmp_path: Path) -> Pc:
    program = shutil.which("busybox")
    if program is None:
        pytest.skip("needs busybox")
    (tmp_path / "busybox").mkdir()
    listed = subprocess.run([program, "--list"], check=True, capture_output=True, text=True)
    for applet in listed.stdout.split():
        (tmp_path / "busybox" / applet).symlink_to(program)
    return Pc(tmp_path)


@pytest.mark.parametrize("inside", ["sata", "nvme", "emmc"])
def test_the_stick_is_taken_before_the_same_image_inside_the_pc(pc: Pc, inside: str) -> None:
    if inside == "sata":
        pc.drive("sda", AHCI)
    elif inside == "nvme":
        pc.drive("nvme0n1", NVME)
    else:
        pc.card("mmcblk0", "MMC")
    pc.drive("sdb", USB)
    assert pc.starts_from() == "sdb1"


def test_a_stick_that_comes_late_is_waited_for(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    assert pc.starts_from(0) == ""
    assert pc.starts_from(9) == ""
    pc.drive("sdb", USB)
    assert pc.starts_from(9) == "sdb1"


def test_where_the_image_is_inside_only_it_starts_all_the_same(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    assert pc.starts_from(10) == "sda1"


def test_a_stick_of_another_build_is_not_taken(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    pc.drive("sdb", USB)
    pc.builds = {"sdb": "old", "sdb1": "old"}
    assert pc.starts_from() == "sda1"


def test_a_disc_and_a_card_start_at_once_and_before_what_is_inside(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    pc.card("mmcblk0", "SD")
    assert pc.starts_from(0) == "mmcblk0p1"
    pc.drive("sr0", AHCI, parts=0)
    assert pc.starts_from(0) == "sr0"
    pc.drive("sdb", USB)
    assert pc.starts_from(0) == "sdb1"


def test_a_whole_stick_without_partitions_comes_before_a_partition_inside(pc: Pc) -> None:
    pc.drive("sda", AHCI)
    pc.drive("sdb", USB, parts=0)
    assert pc.starts_from() == "sdb"


def test_ventoys_map_comes_first(pc: Pc) -> None:
    pc.drive("sdb", USB)
    (pc.root / "dev/mapper").mkdir()
    (pc.root / "dev/mapper/ventoy").touch()
    assert pc.starts_from(0) == "ventoy"


@pytest.mark.parametrize(
    ("place", "words", "taken"),
    [
        (USB, {"1-{n}": "fixed"}, "sdb1"),  # a disk on a module, on a header of the board
        (BEHIND_HUB, {"1-8": "fixed", "1-8.{n}": "fixed"}, "sdb1"),
        (USB, {"1-{n}": "unknown"}, "sda1"),
        (USB, {"1-{n}": "removable"}, "sda1"),
        # built into a hub that somebody plugged in: outside
        (BEHIND_HUB, {"1-8": "removable", "1-8.{n}": "fixed"}, "sda1"),
        (BEHIND_HUB, {"1-8": "unknown", "1-8.{n}": "fixed"}, "sda1"),
        (BEHIND_HUB, {"1-8": "fixed", "1-8.{n}": "unknown"}, "sda1"),
    ],
)
def test_a_port_that_the_firmware_calls_fixed_is_inside(
    pc: Pc, place: str, words: dict[str, str], taken: str
) -> None:
    pc.drive("sda", place, **words)
    pc.drive("sdb", USB)
    assert pc.starts_from() == taken


@pytest.mark.parametrize(
    ("line", "words"), [("quiet", "Recherche de la clé."), ("reprise.lang=en", "Looking for")]
)
def test_what_is_looked_for_is_said_once(pc: Pc, line: str, words: str) -> None:
    pc.line = line
    pc.drive("sda", AHCI, parts=1)
    pc.builds = {"sda": "old", "sda1": "old"}
    for second in range(3):
        assert pc.starts_from(second) == ""
    assert (pc.root / "console").read_text().count(words) == 1
    assert (pc.root / "console").read_text().count("\n") == 1
    assert pc.starts_from(15) == ""
    assert "60 s" in (pc.root / "console").read_text()


@pytest.mark.parametrize("kind", ["vfat", "exfat"])
@pytest.mark.parametrize("parts", [0, 1], ids=["whole", "partition"])
def test_the_isos_files_on_a_windows_file_system_start(pc: Pc, kind: str, parts: int) -> None:
    """Rufus's ISO mode, or copied by hand; whatever its label has become."""
    pc.drive("sdb", USB, parts=parts)
    node = "sdb1" if parts else "sdb"
    pc.types = {"sdb": "none" if parts else kind, "sdb1": kind}
    assert pc.starts_from(0) == node
    (mounted,) = pc.mounts()
    assert mounted.startswith(f"{kind} ro,")
    assert "umask=0077" in mounted, "reports will lie there"
    assert ",flush" in mounted or kind == "exfat"


def test_they_start_from_a_card(pc: Pc) -> None:
    pc.card("mmcblk0", "SD")
    pc.types = {"mmcblk0p1": "vfat", "mmcblk0p2": "vfat"}
    assert pc.starts_from(0) == "mmcblk0p1"


def test_they_start_from_a_stick_whose_port_is_called_fixed(pc: Pc) -> None:
    pc.drive("sdb", USB, parts=1, **{"1-{n}": "fixed"})
    pc.types = {"sdb": "none", "sdb1": "vfat"}
    assert pc.starts_from(9) == ""
    assert pc.starts_from(10) == "sdb1"


@pytest.mark.parametrize("inside", ["sata", "nvme", "emmc", "hot-plug bay"])
def test_no_fat_inside_the_pc_is_mounted_though_it_holds_the_same_files(
    pc: Pc, inside: str
) -> None:
    """Somebody copied them onto the PC's own EFI system partition."""
    if inside == "nvme":
        pc.drive("nvme0n1", NVME)
        pc.types = {"nvme0n1": "none", "nvme0n1p1": "vfat", "nvme0n1p2": "ntfs"}
    elif inside == "emmc":
        pc.card("mmcblk0", "MMC")
        pc.types = {"mmcblk0": "none", "mmcblk0p1": "vfat", "mmcblk0p2": "ntfs"}
    else:
        pc.drive("sda", AHCI)
        pc.types = {"sda": "none", "sda1": "vfat", "sda2": "exfat"}
        if inside == "hot-plug bay":
            (pc.root / "sys/class/block/sda/removable").write_text("1\n")
    assert pc.starts_from() == ""
    pc.drive("sdb", USB, parts=1)
    pc.types |= {"sdb": "none", "sdb1": "vfat"}
    assert pc.starts_from() == "sdb1"
    assert [mounted.split()[-1] for mounted in pc.mounts()] == ["sdb1"]


@pytest.mark.parametrize("kind", ["ntfs", "ext4", "xfs", "btrfs", "hfsplus", "f2fs", "udf", "swap"])
def test_no_file_system_with_a_journal_is_mounted_on_a_stick_either(pc: Pc, kind: str) -> None:
    pc.drive("sdb", USB, parts=1)
    pc.types = {"sdb": "none", "sdb1": kind}
    assert pc.starts_from() == ""
    assert pc.mounts() == []


def test_the_end_of_the_search_says_what_is_wrong_and_what_to_do(pc: Pc) -> None:
    pc.drive("sda", AHCI, parts=1)
    pc.types = {"sda": "none", "sda1": "ntfs"}  # the PC's own Windows
    why, to_do = pc.says_at_the_end()
    assert "sur aucune clé" in why
    assert "balenaEtcher" in to_do and "mode Image DD" in to_do
    pc.drive("sdb", USB, parts=1)
    pc.types |= {"sdb": "none", "sdb1": "ntfs"}
    assert "NTFS" in pc.says_at_the_end()[0]
    pc.types |= {"sdb1": "vfat"}
    pc.builds = {"sdb1": "old"}
    assert "autre version" in pc.says_at_the_end()[0]


def test_the_copy_to_memory_is_counted(pc: Pc) -> None:
    (pc.root / "copy/live").mkdir(parents=True)
    (pc.root / "copy/live/part").write_bytes(bytes(1 << 20))
    counting = f'reprise_show_progress "Copie en mémoire " {pc.root}/copy 4096 & counts=$!'
    pc._runs(f"{counting}; sleep 2; kill $counts")
    said = (pc.root / "console").read_bytes().decode().split("\r")
    assert said[0] == ""
    found = re.fullmatch(r"  Copie en mémoire : +(\d+) %", said[1])
    assert found and 25 <= int(found[1]) <= 26
