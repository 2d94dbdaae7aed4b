"""The images on the medium: their catalogue, and the check that a file is what it says."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from pathlib import Path

from reprise.adapters.install.steps import InstallProblem
from reprise.domain.images import Catalogue, InstallFailure, OsImage
from reprise.errors import InputError
from reprise.i18n import _
from reprise.strict_toml import dataclass_from_toml

FILE = "images.toml"
_CHUNK_BYTES = 1 << 20


def read_catalogue(folder: Path) -> Catalogue:
    """Empty where the folder has none. Raises InputError where it is garbled."""
    path = folder / FILE
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return Catalogue()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            _("the catalogue of systems “{path}” cannot be read: {reason}.").format(
                path=path, reason=error
            ),
            _("Use another stick, or make this one again."),
        ) from error
    return dataclass_from_toml(text, Catalogue, str(path))


def find_image(folder: Path, name: str) -> OsImage:
    """Raises InputError where no such image is at hand."""
    images = {image.name: image for image in read_catalogue(folder).image}
    if not images:
        raise InputError(
            _("there is no system to install in “{folder}”.").format(folder=folder),
            _("Give the folder of images.toml with --images (“make lightos” builds it)."),
        )
    if name not in images:
        raise InputError(
            _("there is no system named “{name}”.").format(name=name),
            _("These can be installed: {names}.").format(names=", ".join(images)),
        )
    image = images[name]
    if Path(image.file).name != image.file or not (folder / image.file).is_file():
        raise InputError(
            _("the file “{file}” of the system “{name}” is missing.").format(
                file=folder / image.file, name=name
            ),
            _("Use another stick, or make this one again."),
        )
    return image


def check_digest(folder: Path, image: OsImage) -> Iterator[int]:
    """Yields the bytes read so far. Raises InstallProblem where the file is not the one that the
    catalogue names."""
    digest = hashlib.sha256()
    done = 0
    try:
        with (folder / image.file).open("rb") as file:
            while chunk := file.read(_CHUNK_BYTES):
                digest.update(chunk)
                done += len(chunk)
                yield done
    except OSError as error:
        raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, str(error)) from error
    if done != image.size_bytes or digest.hexdigest() != image.sha256:
        raise InstallProblem(InstallFailure.DIGEST_MISMATCH, digest.hexdigest())
