"""The images of one folder: their catalogue, and the check that a file is what it says."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path

from reprise.adapters.install.steps import InstallProblem, reading_image
from reprise.adapters.storage.config_files import MOST
from reprise.adapters.storage.files import read_within, write_durably
from reprise.domain.install.images import Catalogue, InstallFailure, OsImage
from reprise.errors import InputError
from reprise.i18n import _
from reprise.strict_toml import dataclass_from_toml
from reprise.system_words import unread_reason

FILE = "images.toml"
_CHUNK_BYTES = 1 << 20
_HEADER = "# Systems to install. Written by “reprise images”: see docs/images.md.\n"


def read_catalogue(folder: Path) -> Catalogue:
    """Empty where the folder has none. Raises InputError where it is garbled or too large."""
    path = folder / FILE
    try:
        text = read_within(path, MOST).decode("utf-8")
    except FileNotFoundError:
        return Catalogue()
    except (OSError, UnicodeDecodeError) as error:
        raise InputError(
            _("the catalogue of systems “{path}” cannot be read: {reason}.").format(
                path=path, reason=unread_reason(error)
            ),
            _("Use another stick, or make this one again."),
        ) from error
    return dataclass_from_toml(text, Catalogue, str(path))


def write_catalogue(folder: Path, catalogue: Catalogue) -> None:
    """The old one or the new one, whenever the power goes. Raises OSError."""
    parts = [_HEADER]
    for image in catalogue.image:
        parts.append("\n[[image]]\n" + "".join(_lines(image)))
    write_durably(folder / FILE, "".join(parts).encode("utf-8"))


def _lines(image: OsImage) -> Iterator[str]:
    """JSON's strings, numbers and truth values are TOML's."""
    for field in fields(image):
        value = getattr(image, field.name)
        if isinstance(value, Mapping):
            pairs = (f"{key} = {_literal(text)}" for key, text in value.items())
            yield f"{field.name} = {{ {', '.join(pairs)} }}\n"
        else:
            yield f"{field.name} = {_literal(value)}\n"


def _literal(value: object) -> str:
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007F")


def check_digest(folder: Path, image: OsImage) -> Iterator[int]:
    """Yields the bytes read so far. Raises InstallProblem where the file is not the one that the
    catalogue names."""
    digest = hashlib.sha256()
    done = 0
    with reading_image(), (folder / image.file).open("rb") as file:
        while chunk := file.read(_CHUNK_BYTES):
            digest.update(chunk)
            done += len(chunk)
            yield done
    if done != image.size_bytes or digest.hexdigest() != image.sha256:
        raise InstallProblem(InstallFailure.DIGEST_MISMATCH, digest.hexdigest())


def check_digest_again(folder: Path, image: OsImage) -> Iterator[int]:
    """As check_digest, once the drive is written: what was unpacked and compared came from the
    file that the catalogue names. A stick may read otherwise the second time, without an error, or
    another be plugged in."""
    try:
        yield from check_digest(folder, image)
    except InstallProblem as problem:
        # not DIGEST_MISMATCH, which says that nothing was written
        raise InstallProblem(InstallFailure.IMAGE_UNREADABLE, problem.data) from problem
