"""live-build/build.sh with a stand-in for live-build, and the number that an image is known by."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

import pytest

from build_scripts.source_tree import keep_to_oneself, others_cannot_use, source_tree
from reprise.adapters.install.catalogue import read_catalogue
from station_kit.places import TOP

needs_root = pytest.mark.skipif(os.geteuid() != 0, reason="an image is built as root")

# What “lb chroot” leaves of what build.sh takes out of it.
_CHROOT = (
    "boot/netboot-initrd.img",
    "usr/lib/shim/shimx64.efi.signed",
    "usr/lib/grub/x86_64-efi-signed/grubnetx64.efi.signed",
    "usr/share/locale/fr/LC_MESSAGES/grub.mo",
    "usr/share/reprise/image-id",
    "var/lib/dpkg/status",
)
_STAND_INS = {
    "lb": f"""#!/bin/sh
case $1 in
    bootstrap) mkdir -p cache ;;
    chroot) for name in {" ".join(_CHROOT)}; do
        mkdir -p "chroot/${{name%/*}}"
        echo "of the new build" >"chroot/$name"
    done ;;
    binary) exit 7 ;;
esac
""",
    "df": "#!/bin/sh\necho 9000M\n",
    "debootstrap": "#!/bin/sh\n",
    "xorriso": "#!/bin/sh\n",
    "chroot": "#!/bin/sh\n",
}


def _script(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """Sources with an older image beside them, and nothing that would fetch or mount."""
    top = source_tree(tmp_path / "top")
    for name, text in _STAND_INS.items():
        _script(tmp_path / "bin" / name, text)
    for name in ("live-build/wheels.sh", ".venv/bin/pip"):
        _script(top / name, "#!/bin/sh\n")
    folders = "config/package-lists config/hooks/normal"
    _script(top / "live-build/auto/config", f"#!/bin/sh\nmkdir -p {folders}\n")
    (top / "live-build/mirrors.sh").write_text("mirror_of() { echo none; }\n")
    for name, text in {
        "wheels/site/part.py": "",
        "lightos/debian-minimal.squashfs": "system",
        "lightos/debian-minimal.cdx.json": "{}",
        "lightos/images.toml": '[[image]]\nname = "debian-minimal"\n',
        "reprise.iso": "of the old build\n",
        "reprise.iso.inputs": "of the old build\n",
        "reprise.netboot/image-id": "of the old build\n",
    }.items():
        (top / "build" / name).parent.mkdir(parents=True, exist_ok=True)
        (top / "build" / name).write_text(text)
    return top


def _build(top: Path, **surroundings: str) -> tuple[int, str]:
    done = subprocess.run(
        [top / "live-build/build.sh", "--force"],
        capture_output=True,
        text=True,
        check=False,
        env={"PATH": f"{top.parent}/bin:{os.environ['PATH']}", **surroundings},
    )
    return done.returncode, done.stderr


@needs_root
def test_a_build_that_fails_leaves_the_old_image_whole_and_out_of_date(top: Path) -> None:
    code, said = _build(top)
    assert (code, "packing the file system" in said) == (4, True), said
    build = top / "build"
    assert (build / "reprise.iso").read_text() == "of the old build\n"
    assert (build / "reprise.netboot/image-id").read_text() == "of the old build\n"
    assert not (build / "reprise.iso.inputs").exists()


@needs_root
@pytest.mark.parametrize(
    ("asked", "carried"),
    [
        ({}, ["debian-minimal.cdx.json", "debian-minimal.squashfs", "images.toml"]),
        ({"IMAGES": ""}, ["images.toml"]),
    ],
    ids=["nothing is said", "the station alone"],
)
def test_the_image_carries_the_systems_that_were_named(
    asked: dict[str, str], carried: list[str], top: Path
) -> None:
    if asked:
        for file in (top / "build/lightos").iterdir():
            file.unlink()  # none has to be built, either
    code, said = _build(top, **asked)
    assert (code, "packing the file system" in said) == (4, True), said
    folder = top / "build/live/config/includes.binary/reprise/os"
    assert sorted(path.name for path in folder.iterdir()) == carried
    if asked:
        assert read_catalogue(folder).image == ()


@needs_root
def test_files_of_a_private_clone_are_for_everybody_in_the_image(top: Path) -> None:
    keep_to_oneself(top)
    _build(top)
    copied = list((top / "build/live/config").rglob("*"))
    assert {"reprise", "policy.toml", "image-id"} <= {path.name for path in copied}
    assert [path for path in copied if others_cannot_use(path)] == []


def test_the_images_number_follows_from_inputs_and_packages(tmp_path: Path) -> None:
    hook = next((TOP / "hooks").glob("*-image-id.hook.chroot"))
    later = next((TOP / "hooks").glob("*-netboot-initramfs.hook.chroot"))
    assert hook.name < later.name
    number = tmp_path / "image-id"
    script = hook.read_text().replace("/usr/share/reprise/image-id", str(number))

    def made(inputs: str, packages: str) -> str:
        number.write_text(f"{inputs}\n")
        _script(tmp_path / "dpkg-query", f"#!/bin/sh\necho {packages}\n")
        surroundings = {"PATH": f"{tmp_path}:{os.environ['PATH']}"}
        subprocess.run(["/bin/sh", "-c", script], check=True, env=surroundings)
        return number.read_text()

    numbers = [made(*both) for both in (("a", "linux 1"), ("a", "linux 2"), ("b", "linux 1"))]
    assert len(set(numbers)) == 3
    assert numbers[0] == made("a", "linux 1")
    assert [len(one) for one in numbers] == [65, 65, 65]
