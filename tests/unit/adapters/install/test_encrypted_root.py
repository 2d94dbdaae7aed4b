"""What an encrypted root is made of: partitions, LUKS's command lines, what the system is told."""

from __future__ import annotations

import argparse
import subprocess
from pathlib import Path

import pytest

from reprise.adapters.install import boot, layout, locking, system
from reprise.adapters.install.contents import unpacked_contents
from reprise.cli.commands import install
from reprise.domain.install.images import ImageKind, OsImage
from reprise.domain.install.options import InstallOptions
from reprise.domain.install.os_needs import shortcomings
from reprise.errors import InputError
from reprise.ports import InstallRequest
from reprise.tools import sfdisk
from reprise_common import cryptsetup
from unit.adapters.install.made_image import made_image
from unit.domain.drives.drives import drive

pytestmark = pytest.mark.processes

WORDS = "quatre mots de passe-8"


def image(kind: ImageKind = ImageKind.SQUASHFS, *, first_start: bool = False) -> OsImage:
    return made_image(kind=kind, first_start=first_start)


def wish(passphrase: str = "", *, for_owner: bool = False) -> InstallRequest:
    options = InstallOptions("essai", encrypt=for_owner)
    return InstallRequest(drive(), options, passphrase=passphrase)


def test_the_start_lies_outside_and_everything_else_inside() -> None:
    lines = sfdisk.script(sfdisk.ENCRYPTED_LAYOUT).decode().splitlines()[1:]
    assert [line.rpartition("name=")[2] for line in lines] == [
        '"bios-boot"',
        '"efi"',
        '"boot"',
        '"root"',
    ]
    assert sfdisk.LUKS in lines[3]
    assert "size=" not in lines[3]
    plan = layout.plan_layout("/dev/nvme0n1", encrypted=True)
    assert plan.locked is not None
    assert plan.partitions[2:] == ("/dev/nvme0n1p3", "/dev/nvme0n1p4")
    assert (plan.locked.boot, plan.locked.volume) == plan.partitions[2:]
    assert plan.root == "/dev/mapper/reprise-root"
    assert plan.nodes == ("/dev/nvme0n1", *plan.partitions, plan.root)
    assert len(set(plan.by_uuid)) == 3


def test_a_plain_system_has_its_three_partitions_and_no_more() -> None:
    plan = layout.plan_layout("/dev/sda")
    assert plan.locked is None
    assert plan.partitions == ("/dev/sda1", "/dev/sda2", "/dev/sda3")
    assert plan.nodes == ("/dev/sda", *plan.partitions)
    assert plan.by_uuid == {plan.root_uuid: "/dev/sda3"}


def test_no_command_line_bears_the_passphrase() -> None:
    """Anybody may read those of other processes: it comes on standard input."""
    for argv in (
        cryptsetup.argv_format("/dev/sda4", "1-2"),
        cryptsetup.argv_open("/dev/sda4"),
        cryptsetup.argv_opens("/dev/sda4", 1),
    ):
        assert argv[argv.index("--key-file") + 1] == "-"
    assert "luks2" in cryptsetup.argv_format("/dev/sda4", "1-2")


def test_the_signed_boot_loader_finds_its_menu_outside() -> None:
    locked = layout.plan_layout("/dev/sda", encrypted=True)
    assert locked.locked is not None
    said = boot._config(locked).decode()
    assert locked.locked.boot_uuid in said
    assert "set prefix=($root)/grub\n" in said
    plain = layout.plan_layout("/dev/sda")
    assert f"search.fs_uuid {plain.root_uuid} root\nset prefix=($root)/boot/grub\n" in (
        boot._config(plain).decode()
    )


def test_the_system_is_told_what_to_open_and_to_mount() -> None:
    plan = layout.plan_layout("/dev/sda", encrypted=True)
    assert plan.locked is not None
    (line,) = [
        line
        for line in cryptsetup.crypttab(f"UUID={plan.locked.volume_uuid}").splitlines()
        if not line.startswith("#")
    ]
    asks = "keyscript=/usr/lib/reprise/ask-for-the-drive,tries=0"
    assert line == f"reprise-root UUID={plan.locked.volume_uuid} none luks,discard,initramfs,{asks}"
    mounts = [line.split()[:2] for line in system._fstab(plan).splitlines()[1:]]
    assert mounts == [
        [f"UUID={plan.root_uuid}", "/"],
        [f"UUID={plan.locked.boot_uuid}", "/boot"],
        [f"UUID={plan.efi_uuid}", "/boot/efi"],
    ]
    assert "/boot ext4" not in system._fstab(layout.plan_layout("/dev/sda"))


@pytest.mark.parametrize("words", [WORDS, "", "ABCDEFGHIJKL"])
def test_a_passphrase_that_every_keyboard_has_is_taken(words: str) -> None:
    system.check_encryption(wish(words), image())


@pytest.mark.parametrize("words", ["short", "elevenchars", "éèà mots de passe", "mots_de_passe!"])
def test_one_that_could_not_be_typed_again_is_refused(words: str) -> None:
    with pytest.raises(InputError, match="trop courte") as refused:
        system.check_encryption(wish(words), image())
    assert words not in str(refused.value)


def test_a_whole_drive_image_cannot_be_encrypted() -> None:
    with pytest.raises(InputError, match="ne peut pas être chiffré"):
        system.check_encryption(wish(WORDS), image(ImageKind.RAW))
    with pytest.raises(InputError, match="ne peut pas être chiffré"):
        system.check_encryption(wish(for_owner=True), image(ImageKind.RAW, first_start=True))
    system.check_encryption(wish(), image(ImageKind.RAW))


def test_an_owner_who_is_never_asked_gets_no_encrypted_drive() -> None:
    """The first key would lie beside the drive for ever."""
    system.check_encryption(wish(for_owner=True), image(first_start=True))
    with pytest.raises(InputError, match="premier démarrage"):
        system.check_encryption(wish(for_owner=True), image())
    lacking = shortcomings((), "ID=debian", encrypted=True, for_owner=True)
    assert any("reprise_first_start/drive.py" in one for one in lacking)
    assert not any("drive.py" in one for one in shortcomings((), "ID=debian", encrypted=True))


def test_the_first_key_is_long_and_new_each_time() -> None:
    keys = {locking.new_key(wish(for_owner=True)) for _ in range(5)}
    assert len(keys) == 5
    assert all(len(key) == 64 for key in keys)
    assert locking.new_key(wish(WORDS)) == WORDS
    assert wish(for_owner=True).encrypted and wish(WORDS).encrypted and not wish().encrypted


def test_what_crypttab_and_header_say_is_understood() -> None:
    text = cryptsetup.crypttab("UUID=1-2", cryptsetup.FIRST_KEY)
    assert text.splitlines()[1].split()[2:] == [cryptsetup.FIRST_KEY, "luks,discard,initramfs"]
    assert cryptsetup.volume_of(text) == "UUID=1-2"
    assert cryptsetup.volume_of("# nothing\nother UUID=3 none luks\nreprise-root\n") == ""
    assert cryptsetup.slots('{"keyslots": {"0": {}, "1": {}}}') == {0, 1}
    for broken in ("", "{}", "[]", '{"keyslots": 3}', '{"keyslots": {"x": {}}}'):
        with pytest.raises(ValueError):
            cryptsetup.slots(broken)


def test_a_system_that_cannot_ask_is_named_with_what_it_lacks() -> None:
    lacking = shortcomings((), "ID=debian", encrypted=True)
    assert "/usr/share/initramfs-tools/hooks/cryptroot (cryptsetup-initramfs)" in lacking
    assert not [one for one in shortcomings((), "ID=debian") if "crypt" in one]


def test_the_passphrase_comes_from_a_files_first_line(tmp_path: Path) -> None:
    file = tmp_path / "words"
    file.write_text(f"{WORDS}\nand a note\n")
    assert install._passphrase(str(file)) == WORDS
    assert install._passphrase(None) == ""
    for text in ("", "\nthe second line\n"):
        file.write_text(text)
        with pytest.raises(InputError, match="est vide"):
            install._passphrase(str(file))
    with pytest.raises(InputError, match="ne peut pas être lu"):
        install._passphrase(str(tmp_path / "none"))


def test_without_a_file_it_is_asked_for_twice(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [WORDS, WORDS, WORDS, "another one, longer", "", ""]
    monkeypatch.setattr("getpass.getpass", lambda _prompt: answers.pop(0))
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    parser = argparse.ArgumentParser()
    install.register(parser.add_subparsers())
    argv = ["install", "--drive", "/dev/sda", "--confirm", "S", "--encrypt"]
    given = parser.parse_args(argv).encrypt
    assert install._passphrase(given) == WORDS
    with pytest.raises(InputError, match="diffèrent"):
        install._passphrase(given)
    with pytest.raises(InputError, match="est vide"):
        install._passphrase(given)
    assert parser.parse_args([*argv, "words"]).encrypt == "words"
    assert parser.parse_args(argv[:-1]).encrypt is None


def test_where_nobody_can_type_it_or_does_the_file_is_told(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    with (
        subprocess.Popen(["true"], stdout=subprocess.PIPE, text=True) as nobody,
        monkeypatch.context() as patched,
    ):
        patched.setattr("sys.stdin", nobody.stdout)
        with pytest.raises(InputError, match="pas de terminal") as refused:
            install._passphrase("")
    assert "--encrypt" in refused.value.advice


def test_ctrl_d_is_an_empty_passphrase(monkeypatch: pytest.MonkeyPatch) -> None:
    def left(_prompt: str) -> str:
        raise EOFError

    monkeypatch.setattr("getpass.getpass", left)
    monkeypatch.setattr("sys.stdin.isatty", lambda: True)
    with pytest.raises(InputError, match="est vide"):
        install._passphrase("")


@pytest.mark.parametrize(
    ("words", "wished", "expected"),
    [
        ([], False, False),
        ([], True, True),
        (["--encrypt-for-owner"], False, True),
        (["--no-encrypt"], True, False),
        (["--encrypt"], True, False),
    ],
)
def test_the_command_line_wins_over_the_settings(
    words: list[str], wished: bool, expected: bool
) -> None:
    parser = argparse.ArgumentParser()
    install.register(parser.add_subparsers())
    given = parser.parse_args(["install", "--drive", "/dev/sda", "--confirm", "S", *words])
    assert install._for_owner(given, wished) is expected


@pytest.mark.parametrize("vendor", ["debian", "ubuntu"])
def test_what_the_image_had_is_found_on_the_drive(tmp_path: Path, vendor: str) -> None:
    """Of the drive, the folders alone are looked at where something is asked for."""
    release = f"ID={vendor}\n"
    lacking = shortcomings((), release, encrypted=True, for_owner=True)
    for path in [one.split(" ")[0] for one in lacking] + ["/etc/os-release"]:
        file = tmp_path / path.lstrip("/").replace("…", "6.12")
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(release)
    found = unpacked_contents(tmp_path)
    assert shortcomings(found.paths, found.os_release, encrypted=True, for_owner=True) == ()
