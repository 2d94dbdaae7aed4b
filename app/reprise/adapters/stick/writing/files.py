"""What an organisation puts on its stick: chosen and checked before, copied and compared after."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from reprise.adapters.drives.blockio import BlockFile
from reprise.adapters.signing.jws import load_signer
from reprise.adapters.stick.writing.image import reading
from reprise.adapters.storage.config_files import decode_config
from reprise.adapters.storage.limits import KEY, PUBLIC_KEY
from reprise.adapters.storage.store import SETTINGS
from reprise.errors import DeviceError, InputError
from reprise.i18n import _
from reprise.ports import CommandRunner
from reprise.settings import checked_settings


def read_files(paths: Sequence[Path]) -> Mapping[str, bytes]:
    """Name on the stick -> contents, checked. A folder gives all of its files (“reprise enroll”
    makes one). Raises InputError."""
    files: dict[str, bytes] = {}
    for path in _flat(paths):
        if path.name in files:
            raise InputError(_("“{name}” was given twice.").format(name=path.name))
        with reading(path):
            files[path.name] = path.read_bytes()
    check_files(files)
    return files


def _flat(paths: Sequence[Path]) -> list[Path]:
    flat: list[Path] = []
    for path in paths:
        if not path.is_dir():
            flat.append(path)
            continue
        with reading(path):
            inside = sorted(file for file in path.iterdir() if file.is_file())
        if not inside:
            raise InputError(_("the folder “{path}” is empty.").format(path=path))
        flat += inside
    return flat


def check_files(files: Mapping[str, bytes]) -> None:
    """Raises InputError where a station would not take one of them, or would miss one."""
    authority = _authority(files)
    known = [name for name in (SETTINGS, KEY, PUBLIC_KEY, authority) if name]
    for name in files:
        if name not in known:
            raise InputError(
                _("a station reads no file named “{name}” from its stick.").format(name=name),
                _("It reads {names}.").format(names=", ".join(known)),
            )
    if authority and authority not in files:
        raise InputError(
            _("reprise.toml names the certificate “{name}”, which is missing.").format(
                name=authority
            ),
            _("Give it with --settings, too, and name it without a folder."),
        )
    _check_keys(files)


def _authority(files: Mapping[str, bytes]) -> str:
    """Name of the certificate that reprise.toml asks for; "" where it asks for none."""
    if SETTINGS not in files:
        return ""
    return checked_settings(decode_config(files[SETTINGS], SETTINGS), SETTINGS).server.ca_file


def _check_keys(files: Mapping[str, bytes]) -> None:
    public = files.get(PUBLIC_KEY)
    if KEY not in files:
        if public is not None:
            raise InputError(
                _("station.pub.pem is of no use without station.key.pem."),
                _("Give both, or neither: the station makes its own then."),
            )
        return
    signer = load_signer(files[KEY], KEY)
    if public is not None and public.split() != signer.public_pem().split():
        raise InputError(
            _("station.pub.pem is not the public half of station.key.pem."),
            _("Give the two files of one “reprise enroll”."),
        )


def put_files(node: str, files: Mapping[str, bytes], runner: CommandRunner) -> None:
    """Copy onto the FAT file system of a partition that is not mounted (mtools), flush, read back
    past the page cache, compare. Raises DeviceError, OSError, ToolError."""
    for name, data in files.items():
        _mcopy(runner, ["-o", "-i", node, "-", f"::/{name}"], data)
    with BlockFile(node, writable=True, exclusive=False) as partition:
        partition.flush()
        partition.drop_cache()
    for name, data in files.items():
        if _mcopy(runner, ["-i", node, f"::/{name}", "-"]) != data:
            raise DeviceError(_("“{name}” was not read back as it was written.").format(name=name))


def _mcopy(runner: CommandRunner, words: Sequence[str], stdin: bytes | None = None) -> bytes:
    result = runner.run(["mcopy", *words], timeout_s=120, stdin=stdin)
    if result.exit_code != 0:
        said = " ".join(result.stderr.decode("utf-8", "replace").split())
        raise DeviceError(f"mcopy: {said or result.exit_code}")
    return result.stdout
