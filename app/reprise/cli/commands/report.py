"""reprise report: check, show and print a signed report."""

from __future__ import annotations

import argparse
import errno
import json
import stat
import sys
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from reprise import codec, i18n, wording
from reprise.adapters.signing.jws import (
    DEMO_TYPE,
    DemonstrationError,
    FormatError,
    WrongKeyError,
    load_public_key,
    split_jws,
    thumbprint,
    verify_jws,
)
from reprise.adapters.signing.station_key import key_file
from reprise.adapters.storage.files import write_durably
from reprise.cli.complaint import complain
from reprise.domain.report.report import DEMO_SCHEMA, SCHEMA, Report
from reprise.domain.report.report_outcome import proven, unreached_storage
from reprise.domain.report.told import records
from reprise.errors import EXIT_OK, InputError, RepriseError, StorageError
from reprise.i18n import _
from reprise.system_words import os_reason

_STANDARD_OUTPUT = "-"
_PDF = b"%PDF-"


def register(commands: Any) -> None:
    parser = commands.add_parser(
        "report",
        help=_("check, show or print a signed report"),
        description=_("Checks, shows or prints a signed report (.jws)."),
    )
    what = parser.add_subparsers(dest="what", metavar=_("COMMAND"), required=True)
    _register_verify(what)
    _register_show(what)
    _register_pdf(what)


def _register_verify(what: Any) -> None:
    parser = what.add_parser("verify", help=_("check a report's signature"))
    parser.add_argument("file", metavar=_("FILE"), help=_("the signed report (.jws)"))
    parser.add_argument(
        "--key", metavar=_("FILE"), required=True, help=_("the station's public key (PEM or JWK)")
    )
    parser.set_defaults(run=run_verify)


def _register_show(what: Any) -> None:
    parser = what.add_parser("show", help=_("print a report's contents as JSON, unchecked"))
    parser.add_argument("file", metavar=_("FILE"), help=_("the signed report (.jws)"))
    parser.set_defaults(run=run_show)


def _register_pdf(what: Any) -> None:
    parser = what.add_parser("pdf", help=_("make the erasure certificate (PDF) of a report"))
    parser.add_argument("file", metavar=_("FILE"), help=_("the signed report (.jws)"))
    parser.add_argument(
        "-o",
        "--output",
        metavar=_("OUT"),
        required=True,
        help=_("the PDF file to write; - for the standard output"),
    )
    parser.add_argument(
        "--key",
        metavar=_("FILE"),
        help=_("the station's public key; without it the PDF says that nothing was checked"),
    )
    # The global --lang works too; this one may stand after the command, where people write it.
    parser.add_argument(
        "--lang", dest="pdf_lang", choices=i18n.LANGUAGES, help=_("language of the PDF")
    )
    parser.set_defaults(run=run_pdf)


def run_verify(args: argparse.Namespace) -> int:
    """Exit 0 with one line where the signature is good, 4 with the reason where it is not. The
    line says what the rule makes of the report, as the certificate does."""
    key = load_public_key(read_file(args.key), args.key)
    report = report_of(_verified(args.file, read_file(args.file), key))
    drives = wording.series(
        _("{name}: {value}").format(
            name=f"{drive.identity.model or '?'} {drive.identity.confirm_word or '?'}",
            value=wording.state(proven(drive).state),
        )
        for drive in records(report)
    )
    print(
        _("good signature by {kid}; report {id}; {title}; {drives}").format(
            kid=thumbprint(key),
            id=report.report_id,
            title=wording.report_title(report),
            drives=drives or _("no drive"),
        )
    )
    for words in wording.unreached(unreached_storage(report)):
        print(_("warning: {what}").format(what=words))
    return EXIT_OK


def run_show(args: argparse.Namespace) -> int:
    """The payload as it is, without checking who signed it."""
    _header, payload = _parts(args.file, read_file(args.file))
    report_of(payload)
    print(json.dumps(codec.loaded(payload), ensure_ascii=False, indent=2))
    return EXIT_OK


def run_pdf(args: argparse.Namespace) -> int:
    """Write the certificate. A signature that fails against --key gives no PDF at all."""
    from reprise.documents.certificate import certificate_pdf
    from reprise.documents.proof import SignatureFacts

    jws = read_file(args.file)
    header, payload = _parts(args.file, jws)
    if args.key is not None:
        payload = _verified(args.file, jws, load_public_key(read_file(args.key), args.key))
    language = args.pdf_lang or i18n.language()
    if header.get("typ") == DEMO_TYPE:
        return _write_specimen(args.output, _decoded(payload), language)
    report = report_of(payload)
    proof = SignatureFacts(
        kid=str(header.get("kid", "")), sha256=codec.sha256_hex(jws), verified=args.key is not None
    )
    _write_output(args.output, certificate_pdf(report, lang=language, proof=proof))
    if args.key is None:
        complain(_("The signature was not checked, and the PDF says so; add --key FILE."))
    _say_title(args.output, report)
    return EXIT_OK


def _say_title(output: str, report: Report) -> None:
    print(wording.report_title(report), file=sys.stderr if output == _STANDARD_OUTPUT else None)


def _write_specimen(output: str, report: Report, language: str) -> int:
    """Raises FormatError where what a demonstration signed says that it is something else."""
    from reprise.documents.certificate import specimen_pdf

    if report.schema != DEMO_SCHEMA:
        raise DemonstrationError
    _write_output(output, specimen_pdf(report, lang=language))
    complain(_("this comes from a demonstration: each page of the PDF is marked SPECIMEN."))
    _say_title(output, report)
    return EXIT_OK


def _verified(path: str, jws: bytes, key: Ed25519PublicKey) -> bytes:
    """The payload, where `key` signed it. A key that lies beside the report is named, but it is
    for a person to trust it: who forges a report can put a key beside it."""
    _parts(path, jws, FormatError)
    try:
        return verify_jws(jws, key)
    except WrongKeyError as error:
        beside = _key_beside(path, jws)
        if beside is None:
            raise
        advice = _("The key that it names is “{path}”: give that one if it came from the station.")
        raise WrongKeyError(error.what, advice.format(path=beside)) from error


def _key_beside(path: str, jws: bytes) -> Path | None:
    """The file beside the report with the very key that the report names."""
    kid = str(split_jws(jws)[0].get("kid"))
    beside = Path(path).with_name(Path(key_file(kid)).name)
    try:
        key = load_public_key(beside.read_bytes(), beside.name)
    except (OSError, ValueError, InputError):  # the name is what somebody wrote
        return None
    return beside if thumbprint(key) == kid else None


def _parts(
    path: str, jws: bytes, none: type[RepriseError] = InputError
) -> tuple[dict[str, Any], bytes]:
    """Header and payload. Raises `none` where the file is no report at all."""
    try:
        header, payload, _signature, _signed = split_jws(jws)
    except FormatError as error:
        raise none(
            _("“{path}” is not a signed report.").format(path=path),
            _("Give a .jws file, from the stick's folder “reports”."),
        ) from error
    return header, payload


def _write_output(output: str, data: bytes) -> None:
    """Raises InputError where the place is wrong, StorageError where the medium is."""
    if output == _STANDARD_OUTPUT:
        sys.stdout.buffer.write(data)
        return
    path = Path(output)
    words = _("“{path}” cannot be written: {reason}.")
    if not path.parent.is_dir():
        raise InputError(words.format(path=path, reason=_("there is no such folder")))
    _refuse_to_replace(path)
    try:
        write_durably(path, data)
    except OSError as error:
        told = words.format(path=path, reason=os_reason(error))
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EIO):
            raise StorageError(told, _("Choose another place.")) from error
        raise InputError(told) from error


def _refuse_to_replace(path: Path) -> None:
    """Raises InputError where there is something other than a PDF or an empty file: the report
    itself, above all, whose name was typed twice."""
    words = _("“{path}” is there already, and is no PDF: it was left as it is.")
    try:
        mode = path.lstat().st_mode
        if not stat.S_ISREG(mode):
            words = _kind_of_place(mode)
        elif _may_be_replaced(path):
            return
    except FileNotFoundError:
        return
    except OSError:  # what it is cannot be seen
        pass
    raise InputError(words.format(path=path), _("Give another name for the certificate."))


def _may_be_replaced(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(_PDF)) in (_PDF, b"")


def _kind_of_place(mode: int) -> str:
    if stat.S_ISLNK(mode):
        return _("“{path}” is a symbolic link: it was left as it is.")
    if stat.S_ISDIR(mode):
        return _("“{path}” is a folder: it was left as it is.")
    if stat.S_ISCHR(mode) or stat.S_ISBLK(mode):
        return _("“{path}” is a device: it was left as it is.")
    return _("“{path}” is no ordinary file: it was left as it is.")


def read_file(path: str) -> bytes:
    """Raises InputError where there is no such readable file."""
    try:
        return Path(path).read_bytes()
    except OSError as error:
        raise InputError(
            _("“{path}” cannot be read: {reason}.").format(path=path, reason=os_reason(error))
        ) from error


def report_of(payload: bytes) -> Report:
    """The report in a JWS payload. Raises FormatError where it is none of ours."""
    report = _decoded(payload)
    if report.schema == DEMO_SCHEMA:
        raise DemonstrationError
    if report.schema != SCHEMA:
        raise FormatError(
            _("bad format: this report is of version “{schema}”, unknown here.").format(
                schema=report.schema
            ),
            _("Use a newer Reprise."),
        )
    return report


def _decoded(payload: bytes) -> Report:
    try:
        return codec.from_json(payload, Report)
    except InputError as error:
        raise FormatError(
            _("bad format: what is signed is not a report ({reason}).").format(reason=error)
        ) from error
