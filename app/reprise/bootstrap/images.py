"""The systems to install, and an organisation's own among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.drives import drive_probe
from reprise.bootstrap.storage import RUN
from reprise.domain.drives.boot_medium import DATA_LABEL

if TYPE_CHECKING:
    from reprise.adapters.install.installer import ImageInstaller
    from reprise.domain.planning.policy import Policy

_OURS = Path("/run/live/medium/reprise/os")
_OWN = "os"  # on the data partition
_STICK = Path(RUN, "stick")
_BY_LABEL = Path("/dev/disk/by-label", DATA_LABEL)


def os_installer(
    rules: Policy, images: Path | None = None, *, named: bool = False
) -> ImageInstaller:
    """Installs the images of a folder; where none is given, ours on the medium and then an
    organisation's own on the data partition. `named`: a person gives the drive by its very path,
    which alone reaches a loop device."""
    from reprise.adapters.install.installer import ImageInstaller
    from reprise.adapters.pc.command import SystemCommandRunner

    runner = SystemCommandRunner()
    folders = (images,) if images else (_OURS, _STICK / _OWN)
    return ImageInstaller(folders, runner, drive_probe(runner), rules, named=named)


def images_folder(given: str | None) -> Path:
    """The folder that a person names; the root of a mounted medium stands for its folder “os”,
    the only one that a station looks into. The mounted stick's where none is named.

    Raises InputError where there is neither.
    """
    from reprise.adapters.stick.mounts import mounted_at, mounted_stick
    from reprise.errors import InputError
    from reprise.i18n import _

    if given:
        folder = Path(given)
        return folder / _OWN if folder.is_mount() else folder
    root = mounted_stick(_STICK) or mounted_at(_BY_LABEL)
    if root is None:
        raise InputError(
            _("no Reprise stick with a data partition is mounted."),
            _("Plug it in and open it, or name the folder (--folder)."),
        )
    return root / _OWN
