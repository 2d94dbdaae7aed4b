"""live-build/netboot.py: the folder, and the two start menus."""

from __future__ import annotations

import hashlib
import re
import subprocess
from pathlib import Path

import pytest

from build_scripts.netboot_folder import WORDS, make_folder, make_parts, maker, menu_text

MENUS = ("boot.ipxe", "grub.cfg")


def test_every_file_stands_in_the_list_but_the_menus_which_hold_its_digest(tmp_path: Path) -> None:
    made = make_folder(tmp_path)
    listed = (made / "files.list").read_text().splitlines()
    names = {line.split(" ", 2)[2] for line in listed}
    there = {p.relative_to(made).as_posix() for p in made.rglob("*") if p.is_file()}
    assert there - names == {*MENUS, "files.list", "SHA256SUMS", "settings/files.list"}
    assert names - there == set()
    for line in listed:
        digest, size, name = line.split(" ", 2)
        data = (made / name).read_bytes()
        assert (digest, int(size)) == (hashlib.sha256(data).hexdigest(), len(data))
    whole = hashlib.sha256((made / "files.list").read_bytes()).hexdigest()
    for menu in MENUS:
        assert f"reprise.netboot.list={whole}" in (made / menu).read_text("utf-8")
    sums = ["sha256sum", "--check", "--strict", "SHA256SUMS"]
    assert subprocess.run(sums, cwd=made, check=False).returncode == 0
    assert (made / "initrd.img").read_bytes() == b"the network's initrd.img"
    assert (made / "vmlinuz").read_bytes() == b"kernel"
    assert (made / "settings/files.list").read_bytes() == b""


def test_it_can_be_made_again_over_itself(tmp_path: Path) -> None:
    parts = make_parts(tmp_path)
    maker().make(*parts, tmp_path / "netboot")
    (tmp_path / "netboot/left-over").touch()
    maker().make(*parts, tmp_path / "netboot")
    assert not (tmp_path / "netboot/left-over").exists()
    assert not (tmp_path / "netboot.new").exists()


def test_parts_of_another_build_are_refused(tmp_path: Path) -> None:
    iso, parts, undionly = make_parts(tmp_path)
    (parts / "image-id").write_bytes(b"build 2\n")
    with pytest.raises(maker().NetbootError, match="another build"):
        maker().make(iso, parts, undionly, tmp_path / "netboot")
    assert not (tmp_path / "netboot").exists()


@pytest.mark.parametrize(
    ("gone", "to_do"),
    [("reprise.iso", "make image"), ("parts/image-id", "--force"), ("undionly.kpxe", "make deps")],
)
def test_what_is_missing_is_named_with_what_to_do(tmp_path: Path, gone: str, to_do: str) -> None:
    parts = make_parts(tmp_path)
    (tmp_path / gone).unlink()
    with pytest.raises(maker().NetbootError, match=to_do) as caught:
        maker().make(*parts, tmp_path / "netboot")
    assert caught.value.code == 2
    assert gone in str(caught.value)


def test_both_menus_offer_what_the_stick_offers() -> None:
    choices = maker().entries(menu_text())
    on_the_stick = re.findall(r'menuentry "([^"]+)" --hotkey=(\w) \{', menu_text())
    assert [(one.title, one.key) for one in choices] == on_the_stick[:-1]  # but UEFI's own settings
    assert choices[0].words == WORDS
    assert all(one.words.startswith(WORDS) for one in choices)
    grub = maker().grub_menu(choices, "abc")
    ipxe = maker().ipxe_menu(choices, "abc")
    for one in choices:
        assert f'menuentry "{one.title}" --hotkey={one.key} {{' in grub
        assert (
            f"linux (http,$reprise_server)/vmlinuz {one.words} BOOTIF=01-$net_default_mac" in grub
        )
        assert re.search(rf"^:{one.key}\necho .+\nset words {re.escape(one.words)}$", ipxe, re.M)
        assert f'{{\n    echo "{one.says}"\n    linux ' in grub
    english = {one.key for one in choices if "is starting" in one.says}
    assert english == {one.key for one in choices if "reprise.lang=en" in one.words}
    assert ipxe.startswith("#!ipxe\n")
    assert ipxe.isascii()
    assert "item --key r r Reprise en francais\n" in ipxe
    for menu in (grub, ipxe):
        assert re.search(r"timeout[= ]5", menu), "a PC starts by itself"


def test_a_menu_without_entries_is_no_menu() -> None:
    with pytest.raises(maker().NetbootError, match="no entry"):
        maker().entries("set timeout=3\n")
