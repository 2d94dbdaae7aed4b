"""Makes build/netboot/, the folder that “reprise netboot” serves: kernel, initramfs, the medium's
file system and light systems, start menus for iPXE and GRUB, boot programs, files.list with the
digest of each of them, and SHA256SUMS of the list and the menus. Taken from build/reprise.iso and
build/reprise.netboot/ (both by build.sh) and from Debian's package ipxe; nothing is downloaded.
No root needed.

    python3 live-build/netboot.py

Exit codes: 0 the folder is there, 2 cannot start, 4 a tool failed.
"""

from __future__ import annotations

import hashlib
import re
import shutil
import subprocess
import sys
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

BUILD = Path(__file__).resolve().parents[1] / "build"
UNDIONLY = Path("/usr/lib/ipxe/undionly.kpxe")
LIST = "files.list"
MENUS = ("boot.ipxe", "grub.cfg")
_TIMEOUT_S = 5


@dataclass(frozen=True)
class Entry:
    """One line of a start menu. `words`: for the kernel. `says`: what GRUB shows meanwhile."""

    title: str
    key: str
    words: str
    says: str = ""


class NetbootError(Exception):
    """What is wrong and what to do. `code`: the exit code."""

    def __init__(self, text: str, code: int = 2) -> None:
        super().__init__(text)
        self.code = code


def entries(menu: str) -> list[Entry]:
    """The medium's own start menu (GRUB's), so that both offer the same."""
    found = []
    for title, key, body in re.findall(
        r'menuentry "([^"]+)"(?: --hotkey=(\w))?\s*\{([^}]*)\}', menu
    ):
        linux = re.search(r"^\s*linux \S+ (.+)$", body, re.M)
        if linux:
            says = re.search(r'^\s*echo "([^"]+)"$', body, re.M)
            found.append(Entry(title, key, linux[1].strip(), says[1] if says else ""))
    if not found:
        raise NetbootError("the medium's start menu has no entry: look at /boot/grub/grub.cfg", 4)
    return found


def ipxe_menu(choices: Sequence[Entry], list_sha256: str) -> str:
    """For PCs with BIOS. Addresses are relative to where iPXE got this from: any HTTP server may
    serve the folder. iPXE's screen knows ASCII only."""
    lines = ["#!ipxe", "menu Reprise"]
    lines += [f"item --key {one.key} {one.key} {_ascii(one.title)}" for one in choices]
    first = choices[0].key
    wait = f"choose --default {first} --timeout {_TIMEOUT_S * 1000} chosen || goto {first}"
    lines += [wait, "goto ${chosen}"]
    for one in choices:
        says = f"echo {_ascii(one.says)}"
        lines += [f":{one.key}", says, f"set words {one.words}", "goto load"]
    return "\n".join(
        [
            *lines,
            ":load",
            "kernel vmlinuz initrd=initrd.img ${words} BOOTIF=01-${netX/mac:hexhyp}"
            f" reprise.netboot=${{cwduri}} reprise.netboot.list={list_sha256} || goto failed",
            "initrd initrd.img || goto failed",
            "boot || goto failed",
            ":failed",
            "echo Reprise : le serveur ne repond plus. Nouvel essai dans 30 s.",
            "echo Reprise: the server does not answer any more. Next try in 30 s.",
            "sleep 30",
            "reboot",
            "",
        ]
    )


def grub_menu(choices: Sequence[Entry], list_sha256: str) -> str:
    """For PCs with UEFI. Who loads it sets reprise_server to ADDRESS:PORT."""
    lines = ["set default=0", f"set timeout={_TIMEOUT_S}"]
    for one in choices:
        lines += [
            f'menuentry "{one.title}" --hotkey={one.key} {{',
            f'    echo "{one.says}"',
            f"    linux (http,$reprise_server)/vmlinuz {one.words} BOOTIF=01-$net_default_mac"
            f" reprise.netboot=http://$reprise_server/ reprise.netboot.list={list_sha256}",
            "    initrd (http,$reprise_server)/initrd.img",
            "}",
        ]
    lines += ['menuentry "UEFI" --hotkey=u {', "    fwsetup", "}", ""]
    return "\n".join(lines)


def files_list(folder: Path) -> str:
    """A line “SHA-256 BYTES NAME” for every file; the start's initramfs reads it."""
    lines = []
    for path in sorted(path for path in folder.rglob("*") if path.is_file()):
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
        lines.append(f"{digest} {path.stat().st_size} {path.relative_to(folder).as_posix()}\n")
    return "".join(lines)


def _ascii(text: str) -> str:
    return unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()


def _xorriso(iso: Path, *words: str) -> str:
    argv = ["xorriso", "-osirrox", "on", "-indev", str(iso), *words]
    done = subprocess.run(argv, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise NetbootError(f"{iso} cannot be read: {done.stderr.strip()[-300:]}", 4)
    return done.stdout


def _need(path: Path, what_to_do: str) -> Path:
    if not path.exists():
        raise NetbootError(f"{path} is missing: {what_to_do}")
    return path


def make(iso: Path, parts: Path, undionly: Path, folder: Path) -> None:
    """Fills `folder`, whose former contents go once the new ones are whole."""
    if shutil.which("xorriso") is None:
        raise NetbootError("xorriso is missing: run 'make deps' as root")
    _need(iso, "run 'make image'")
    _need(parts / "image-id", "run 'live-build/build.sh --force' as root")
    _need(undionly, "run 'make deps' as root (package ipxe)")
    new = folder.with_name(folder.name + ".new")
    shutil.rmtree(new, ignore_errors=True)
    (new / "tftp").mkdir(parents=True)
    menu = _extract(iso, new)
    if (new / "reprise/image-id").read_bytes() != (parts / "image-id").read_bytes():
        raise NetbootError(
            f"{parts} is of another build: run 'live-build/build.sh --force' as root"
        )
    shutil.copy(parts / "initrd.img", new)
    for name in ("shimx64.efi", "grubx64.efi"):
        shutil.copy(parts / name, new / "tftp")
    shutil.copy(undionly, new / "tftp/undionly.kpxe")
    listed = files_list(new)
    digest = hashlib.sha256(listed.encode()).hexdigest()
    choices = entries(menu)
    (new / LIST).write_text(listed)
    (new / "boot.ipxe").write_text(ipxe_menu(choices, digest))
    (new / "grub.cfg").write_text(grub_menu(choices, digest), "utf-8")
    sums = (hashlib.sha256((new / n).read_bytes()).hexdigest() + f"  {n}\n" for n in (LIST, *MENUS))
    (new / "SHA256SUMS").write_text("".join(sums))
    # An organisation's settings: none. “reprise netboot --settings” serves others in their place.
    (new / "settings").mkdir()
    (new / "settings" / LIST).touch()
    shutil.rmtree(folder, ignore_errors=True)
    new.rename(folder)


def _extract(iso: Path, new: Path) -> str:
    """The medium's files, by their names on it, and the text of its start menu."""
    live = [line.strip("'") for line in _xorriso(iso, "-ls", "/live", "--").splitlines()]
    kernel = next((name for name in sorted(live) if name.startswith("vmlinuz")), None)
    if kernel is None:
        raise NetbootError(f"{iso} has no kernel in /live: run 'make image'", 4)
    (new / "live").mkdir()
    pairs = {
        "/live/filesystem.squashfs": new / "live/filesystem.squashfs",
        f"/live/{kernel}": new / "vmlinuz",
        "/reprise": new / "reprise",
        "/boot/grub/grub.cfg": new / "menu",
    }
    words = [word for inside, to in pairs.items() for word in ("-extract", inside, str(to))]
    _xorriso(iso, *words)
    for path in new.rglob("*"):
        path.chmod(0o755 if path.is_dir() else 0o644)  # an ISO's are read-only
    menu = (new / "menu").read_text("utf-8")
    (new / "menu").unlink()
    return menu


def main() -> int:
    folder = BUILD / "netboot"
    try:
        make(BUILD / "reprise.iso", BUILD / "reprise.netboot", UNDIONLY, folder)
    except NetbootError as error:
        sys.stderr.write(f"netboot: {error}\n")
        return error.code
    size_mib = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file()) >> 20
    sys.stderr.write(f"netboot: build/netboot ({size_mib} MiB)\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
