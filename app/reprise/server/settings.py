"""Settings of the server: config/server.toml, then the command line."""

from __future__ import annotations

import ipaddress
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from reprise.domain.station.delivery import LARGEST
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database_address import database_address
from reprise.server.logs import FORMS
from reprise.strict_toml import dataclass_from_toml, where

FILE = "server.toml"
_MOST_WORKERS = 32
_LARGEST_BODY_BYTES = 256 * 1024 * 1024  # one report is held in memory while it is checked


@dataclass(frozen=True, slots=True)
class Mail:
    """The server that sends our mail on. Its password: REPRISE_MAIL_PASSWORD of the environment."""

    host: str = ""  # "": no mail is sent
    port: int = 587
    security: Literal["starttls", "tls", "none"] = "starttls"
    user: str = ""
    sender: str = ""


@dataclass(frozen=True, slots=True)
class OpenId:
    """A provider that people log in at. Its secret: REPRISE_OPENID_SECRET, in the environment."""

    url: str = ""  # "": passwords and passkeys alone
    name: str = "OpenID Connect"
    client: str = ""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    host: str = "127.0.0.1"
    port: int = 8080  # 0: any free port, printed at start
    database: str = "/var/lib/reprise/reprise.db"  # a path or a postgresql:// address
    max_body_bytes: int = LARGEST
    public_url: str = ""  # as stations and readers reach the server; "" where not known
    page_size: int = 50
    workers: int = 1  # processes that listen; one alone on SQLite, which has one writer
    data: str = ""  # a folder; "": see files.opening
    s3_bucket: str = ""  # "": files are in that folder
    s3_endpoint: str = ""
    s3_region: str = ""
    s3_keys: str = ""  # a file; "": the environment's
    paper_seconds: int = 60  # that making one paper may take
    log_format: str = "text"  # one of logs.FORMS
    metrics: str = ""  # address:port; "": figures are told nowhere
    enrolment_hours: int = 24  # that a station's code lasts
    # The proxy whose word on who asks is taken: its address as the server sees it. "": none.
    proxy: str = ""
    mail: Mail = Mail()
    openid: OpenId = OpenId()


_in_force: list[tuple[ServerSettings, str]] = []


def put_in_force(settings: ServerSettings, heard_at: str) -> None:
    """For the pages of this process, which Django calls with a request alone. `heard_at`:
    http://host:port."""
    _in_force[:] = [(settings, settings.public_url or heard_at)]


def in_force() -> ServerSettings:
    return _in_force[0][0]


def base_address() -> str:
    """What every link that is mailed begins with: no slash at its end."""
    return _in_force[0][1]


def load_settings(text: str, file: str, options: Mapping[str, Any]) -> ServerSettings:
    """Defaults < the text of `file` < options that are not None.

    Raises InputError that names the file and the setting.
    """
    settings = dataclass_from_toml(text, ServerSettings, file)
    given = {name: value for name, value in options.items() if value is not None}
    try:
        return _checked(replace(settings, **given))
    except _WrongError as error:
        if error.name in given:
            raise
        place = where(file, tuple(error.name.split(".")), text)
        what = _("{name}: {value}").format(name=place, value=error.what)
        raise InputError(what, error.advice) from error


class _WrongError(InputError):
    """Of one setting."""

    def __init__(self, name: str, value: object, wanted: str) -> None:
        super().__init__(
            _("The setting {name} cannot be “{value}”.").format(name=name, value=value),
            _("It must be {wanted}.").format(wanted=wanted),
        )
        self.name = name


_RANGES = (
    ("port", 0, 65535),
    ("page_size", 1, 500),
    ("paper_seconds", 1, 3600),
    ("enrolment_hours", 1, 7 * 24),
)


def _checked(settings: ServerSettings) -> ServerSettings:
    for name, least, most in _RANGES:
        if not least <= getattr(settings, name) <= most:
            wanted = _("a whole number from {least} to {most}").format(least=least, most=most)
            raise _WrongError(name, getattr(settings, name), wanted)
    if not 1024 <= settings.max_body_bytes <= _LARGEST_BODY_BYTES:
        limits = _("a number of bytes from 1024 to {largest}").format(largest=_LARGEST_BODY_BYTES)
        raise _WrongError("max_body_bytes", settings.max_body_bytes, limits)
    if not settings.database.strip():
        raise _WrongError("database", "", _("the path of a file or the address of a database"))
    if settings.mail.host and "@" not in settings.mail.sender:
        raise _WrongError(
            "mail.sender", settings.mail.sender, _("the address that mail comes from")
        )
    if settings.openid.url:
        _checked_url("openid.url", settings.openid.url)
    _check_upkeep(settings)
    public_url = _checked_public_url(settings.public_url)
    settings = replace(settings, public_url=public_url, proxy=_checked_proxy(settings.proxy))
    return _checked_store(settings)


def _check_upkeep(settings: ServerSettings) -> None:
    if not 1 <= settings.workers <= _MOST_WORKERS:
        wanted = _("a whole number from 1 to {most}").format(most=_MOST_WORKERS)
        raise _WrongError("workers", settings.workers, wanted)
    if settings.workers > 1 and database_address(settings.database).path is not None:
        raise _WrongError("workers", settings.workers, _("1, as an SQLite file has one writer"))
    if settings.log_format not in FORMS:
        raise _WrongError("log_format", settings.log_format, "text | json")
    figures = metrics_address(settings.metrics)
    if figures is not None and figures[1] == settings.port != 0:
        raise _WrongError(
            "metrics", settings.metrics, _("an address with another port than the server's")
        )


def metrics_address(text: str) -> tuple[str, int] | None:
    """(host, port) of "127.0.0.1:9464" or "[::1]:9464"; None of "". Raises InputError."""
    if not text:
        return None
    try:
        parts = urlsplit(f"//{text}")
        if parts.hostname and parts.port is not None and parts.netloc == text:
            return parts.hostname, parts.port
    except ValueError:
        pass
    raise _WrongError("metrics", text, _("an address with a port, as 127.0.0.1:9464"))


def _checked_store(settings: ServerSettings) -> ServerSettings:
    beside = settings.s3_endpoint or settings.s3_region or settings.s3_keys
    if beside and not settings.s3_bucket:
        raise _WrongError(
            "s3_bucket", "", _("the name of a bucket, as the others of s3_… are given")
        )
    if not settings.s3_endpoint:
        return settings
    return replace(settings, s3_endpoint=_checked_url("s3_endpoint", settings.s3_endpoint))


def _checked_url(name: str, text: str) -> str:
    """An http(s) address without a slash at its end. Raises InputError."""
    text = text.strip()
    try:
        parts = urlsplit(text)
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(c.isspace() or c in "\"'<>\\" for c in text):
        raise _WrongError(name, text, _("an address that begins with https:// or http://"))
    return text.rstrip("/")


def _checked_public_url(text: str) -> str:
    """Scheme, host and port alone: each page lies right below. Raises InputError."""
    if not text:
        return ""
    url = _checked_url("public_url", text)
    parts = urlsplit(url)
    host = parts.netloc.rpartition("@")[2]  # a password is not told again
    own = f"{parts.scheme}://{host}"
    if url.partition("://")[2] != host:
        wanted = _("an address without a path, a query or a password: {url}").format(url=own)
        raise _WrongError("public_url", f"{own}/…", wanted)
    return own


def _checked_proxy(text: str) -> str:
    """As the address of who asks is written. Raises InputError."""
    try:
        return str(ipaddress.ip_address(text.strip())) if text else ""
    except ValueError as error:
        raise _WrongError("proxy", text, _("an IP address, as 127.0.0.1, or empty")) from error
