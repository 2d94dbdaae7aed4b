"""The images at hand: ours on the medium, an organisation's own on the data partition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from reprise.adapters.install.catalogue import read_catalogue
from reprise.domain.install.images import OsImage
from reprise.errors import InputError
from reprise.i18n import _


@dataclass(frozen=True, slots=True)
class FoundImage:
    folder: Path
    image: OsImage

    @property
    def path(self) -> Path:
        return self.folder / self.image.file

    @property
    def usable(self) -> bool:
        """Whether the file is there, and in this folder."""
        return Path(self.image.file).name == self.image.file and self.path.is_file()


class ImageFolders:
    """Several folders with a catalogue each, looked at anew at every call: sticks come and go.
    Where two have a name in common, the first folder's image is the one."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)

    def there(self) -> tuple[FoundImage, ...]:
        """Those whose file is there. A garbled catalogue hides no other: see `problems`."""
        return tuple(image for image in self._look()[0].values() if image.usable)

    def problems(self) -> tuple[InputError, ...]:
        """Garbled catalogues, and names that two folders have."""
        return self._look()[1]

    def find(self, name: str) -> FoundImage:
        """Raises InputError where no such image is at hand."""
        images, problems = self._look()
        if name not in images:
            raise self._none(name, tuple(images), problems)
        image = images[name]
        if not image.usable:
            raise InputError(
                _("the file “{file}” of the system “{name}” is missing.").format(
                    file=image.path, name=name
                ),
                _("Use another stick, or make this one again."),
            )
        return image

    def _none(
        self, name: str, names: tuple[str, ...], problems: tuple[InputError, ...]
    ) -> InputError:
        if problems:
            return problems[0]
        if not names:
            return InputError(
                _("there is no system to install in “{folder}”.").format(folder=self._folders[0]),
                _("Give the folder of images.toml with --images (“make lightos” builds it)."),
            )
        return InputError(
            _("there is no system named “{name}”.").format(name=name),
            _("These can be installed: {names}.").format(names=", ".join(names)),
        )

    def _look(self) -> tuple[dict[str, FoundImage], tuple[InputError, ...]]:
        images: dict[str, FoundImage] = {}
        problems: list[InputError] = []
        for folder in self._folders:
            try:
                catalogue = read_catalogue(folder)
            except InputError as error:
                problems.append(error)
                continue
            for image in catalogue.image:
                if image.name in images:
                    problems.append(_twice(images[image.name], folder))
                else:
                    images[image.name] = FoundImage(folder, image)
        return images, tuple(problems)


def _twice(first: FoundImage, folder: Path) -> InputError:
    return InputError(
        _("the system “{name}” is in “{folder}” and in “{other}”: the first is used.").format(
            name=first.image.name, folder=first.folder, other=folder
        ),
        _("Give one of them another name (reprise images)."),
    )
