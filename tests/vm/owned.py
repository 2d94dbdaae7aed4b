"""A small system that asks its owner at its first start: the small light OS with our first start in
it, on a medium of its own. It has no Python; the test brings the station's."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

from vm.media import ROOT, digest
from vm.surfaces import MIB

NAME = "debian-minimal"
LABEL = "OWNED"
BUILT = ROOT / "build" / "lightos"
INSTALL = ROOT / "app" / "reprise_first_start" / "system" / "install.sh"


def medium(folder: Path) -> Path:
    """An ext4 image with the label OWNED that has system and catalogue. Root only."""
    tree, content = folder / "tree", folder / "content"
    content.mkdir(parents=True)
    packed = content / f"{NAME}.squashfs"
    _run("unsquashfs", "-quiet", "-no-progress", "-dest", tree, BUILT / packed.name)
    _run(INSTALL, tree)
    _run("mksquashfs", tree, packed, "-comp", "zstd", "-Xcompression-level", "3", "-quiet",
         "-no-progress")  # fmt: skip
    shutil.rmtree(tree)
    catalogue = (BUILT / "images.toml").read_text("utf-8")
    (content / "images.toml").write_text(_entry(catalogue, packed), "utf-8")
    image = folder / "owned.img"
    with image.open("wb") as out:
        out.truncate(packed.stat().st_size + 64 * MIB)
    _run("mkfs.ext4", "-q", "-L", LABEL, "-d", content, image)
    shutil.rmtree(content)
    return image


def _entry(catalogue: str, packed: Path) -> str:
    """What the build says of the image, with what has changed."""
    (one,) = (part for part in catalogue.split("[[image]]") if f'name = "{NAME}"' in part)
    for key, value in (("sha256", f'"{digest(packed)}"'), ("size_bytes", packed.stat().st_size)):
        one, found = re.subn(rf"(?m)^{key} = .*$", f"{key} = {value}", one)
        assert found == 1, key
    unpacked = int(re.findall(r"(?m)^unpacked_bytes = (\d+)$", one)[0]) + MIB
    one = re.sub(r"(?m)^unpacked_bytes = .*$", f"unpacked_bytes = {unpacked}", one)
    return f"[[image]]{one.rstrip()}\nfirst_start = true\n"


def _run(*argv: str | Path) -> None:
    subprocess.run([*map(str, argv)], check=True, stdout=subprocess.DEVNULL)
