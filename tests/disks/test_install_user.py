"""The first user's name, where the system has one of that name already."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from disks.image_kit import MIB, make_tar, make_tree
from disks.test_install import (
    blank,
    drive,
    failure,
    fake_images,
    install,
    installer_for,
    request_for,
)
from disks.test_install_kinds import shelved
from reprise.domain.install.events import InstallFinished
from reprise.domain.install.images import ImageKind, InstallFailure
from reprise.errors import InputError
from reprise.settings import Settings

MASTER = Path("/usr/share/base-passwd")


def _names(file: str) -> list[str]:
    lines = (MASTER / file).read_text().splitlines()
    return [line.split(":")[0] for line in lines]


def test_every_name_of_base_passwd_is_refused_before_anything_is_written(tmp_path: Path) -> None:
    images = fake_images(tmp_path / "images")
    names = {"operator", "sudo", "netdev", *_names("passwd.master"), *_names("group.master")}
    assert Settings().install.user not in names
    with drive(tmp_path / "drive.img") as node:
        installer = installer_for(images, tmp_path)
        for name in sorted(names):
            with pytest.raises(InputError, match=name):
                installer.run(request_for(node, user=name), threading.Event())


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("saned:x:112:118::/var/lib/saned:/usr/sbin/nologin", InstallFailure.UNSUITABLE),
        ("saned:x:65534:65534::/nonexistent:/usr/sbin/nologin", InstallFailure.UNSUITABLE),
        ("saned", InstallFailure.UNSUITABLE),
        # a person: it goes on, as far as a toy without usermod can
        ("saned:x:1000:1000::/home/saned:/bin/bash", InstallFailure.TOOL_FAILED),
    ],
)
def test_an_account_of_the_system_does_not_become_the_first_user(
    tmp_path: Path, line: str, expected: InstallFailure
) -> None:
    (tmp_path / "images").mkdir()
    tree = make_tree(tmp_path / "tree")
    with (tree / "etc/passwd").open("a") as passwd:
        passwd.write(f"{line}\n")
    images = shelved(make_tar(tree, tmp_path / "images/toy.tar"), ImageKind.TAR, 8 * MIB)
    target = tmp_path / "drive.img"
    with drive(target) as node:
        request = request_for(node, image="own", user="saned")
        events = install(installer_for(images, tmp_path), request)
        last = events[-1]
        assert isinstance(last, InstallFinished)
        assert failure(events) is expected
        named = "saned" if expected is InstallFailure.UNSUITABLE else "usermod"
        assert named in last.detail
    assert blank(target)
