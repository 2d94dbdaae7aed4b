"""Two installations on one PC at the same time: the second leaves the first one alone."""

from __future__ import annotations

import threading
from pathlib import Path

from disks.image_kit import MIB, make_squashfs, make_tree
from disks.test_install import blank, drive, failure, finished, install, installer_for, request_for
from disks.test_install_kinds import shelved
from reprise.domain.erasure.progress import Progress
from reprise.domain.install.images import ImageKind, InstallFailure
from reprise.domain.report.events import Update


def test_a_second_installation_touches_nothing_of_the_first(tmp_path: Path) -> None:
    (tmp_path / "images").mkdir()
    toy = make_squashfs(make_tree(tmp_path / "tree"), tmp_path / "images/toy.squashfs")
    images = shelved(toy, ImageKind.SQUASHFS, 8 * MIB)
    mount_at, other = tmp_path / "target", tmp_path / "second.img"
    with drive(tmp_path / "first.img") as node, drive(other) as second:
        request = request_for(node, image="own")
        work = installer_for(images, tmp_path).run(request, threading.Event())
        events: list[Update] = []
        while not mount_at.is_mount():
            events.append(next(work))

        refused = install(installer_for(images, tmp_path), request_for(second, image="own"))
        assert failure(refused) is InstallFailure.DRIVE_BUSY
        assert finished(refused).detail.count(": ") == 1, "and why"
        assert mount_at.is_mount()

        events += work
        # no program of the toy runs: it came as far as it can
        assert failure(events) is InstallFailure.TOOL_FAILED
        assert any(isinstance(e, Progress) and e.done_bytes > 16 * MIB for e in events), "unpacked"
        assert not mount_at.is_mount()
        again = install(installer_for(images, tmp_path), request_for(second, image="own"))
        assert failure(again) is InstallFailure.TOOL_FAILED, "the lock is gone with the first"
    assert blank(other)
