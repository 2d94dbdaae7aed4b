"""The systems to install, and an organisation's own among them."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from reprise.bootstrap.delivery import RUN
from reprise.bootstrap.drives import drive_probe, policy

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from reprise.adapters.install.adding import Checked
    from reprise.adapters.install.examine import Examined
    from reprise.adapters.installer import ImageInstaller
    from reprise.domain.images import OsImage
    from reprise.domain.progress import Progress
    from reprise.ports import StopFlag

_OURS = Path("/run/live/medium/reprise/os")
_OWN = "os"  # on the data partition
_STICK = Path(RUN, "stick")
_BY_LABEL = Path("/dev/disk/by-label/REPRISE")


def os_installer(
    images: Path | None = None, *, config: str | None = None, named: bool = False
) -> ImageInstaller:
    """Installs the images of a folder; where none is given, ours on the medium and then an
    organisation's own on the data partition. `named`: a person gives
    the drive by its very path, which alone reaches a loop device."""
    from reprise.adapters.command import SystemCommandRunner
    from reprise.adapters.installer import ImageInstaller

    runner = SystemCommandRunner()
    folders = (images,) if images else (_OURS, _STICK / _OWN)
    return ImageInstaller(folders, runner, drive_probe(runner), policy(config), named=named)


def images_folder(given: str | None) -> Path:
    """The folder that a person names; the root of a mounted medium stands for its folder “os”,
    the only one that a station looks into. The mounted stick's where none is named.

    Raises InputError where there is neither.
    """
    from reprise.adapters.mounts import mounted_at, mounted_stick
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


def check_image_room(path: Path, folder: Path, name: str) -> None:
    """See adapters.install.adding."""
    from reprise.adapters.install.adding import check_room

    check_room(path, folder, name)


def examined_image(path: Path, stop: StopFlag) -> Generator[Progress, None, Examined]:
    """See adapters.install.examine."""
    from reprise.adapters.command import SystemCommandRunner
    from reprise.adapters.install.examine import examine

    return examine(path, SystemCommandRunner(), stop)


def added_image(
    wished: OsImage, examined: Examined, folder: Path, stop: StopFlag, *, again: bool
) -> Generator[Progress, None, OsImage]:
    """See adapters.install.adding."""
    from reprise.adapters.install.adding import add_image

    return add_image(wished, examined, folder, stop, again=again)


def images_of(folder: Path) -> tuple[OsImage, ...]:
    """Raises InputError where the catalogue is garbled."""
    from reprise.adapters.install.catalogue import read_catalogue

    return read_catalogue(folder).image


def checked_images(folder: Path, stop: StopFlag) -> Iterator[Progress | Checked]:
    """See adapters.install.adding."""
    from reprise.adapters.install.adding import check_images

    return check_images(folder, stop)


def removed_image(folder: Path, name: str) -> OsImage:
    """See adapters.install.adding."""
    from reprise.adapters.install.adding import remove_image

    return remove_image(folder, name)
