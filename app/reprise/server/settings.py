"""Settings of the server: config/server.toml, then the command line."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Literal
from urllib.parse import urlsplit

from reprise.domain.station.delivery import LARGEST
from reprise.errors import InputError
from reprise.i18n import _
from reprise.server.database_address import database_address
from reprise.server.logs import FORMS
from reprise.strict_toml import dataclass_from_toml

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
    return _checked(replace(settings, **given))


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
            raise _bad(name, getattr(settings, name), wanted)
    if not 1024 <= settings.max_body_bytes <= _LARGEST_BODY_BYTES:
        limits = _("a number of bytes from 1024 to {largest}").format(largest=_LARGEST_BODY_BYTES)
        raise _bad("max_body_bytes", settings.max_body_bytes, limits)
    if not settings.database.strip():
        raise _bad("database", "", _("the path of a file or the address of a database"))
    if settings.mail.host and "@" not in settings.mail.sender:
        raise _bad("mail.sender", settings.mail.sender, _("the address that mail comes from"))
    if settings.openid.url:
        checked_url(settings.openid.url)
    if settings.public_url:
        settings = replace(settings, public_url=checked_url(settings.public_url))
    _check_upkeep(settings)
    return _checked_store(settings)


def _check_upkeep(settings: ServerSettings) -> None:
    if not 1 <= settings.workers <= _MOST_WORKERS:
        wanted = _("a whole number from 1 to {most}").format(most=_MOST_WORKERS)
        raise _bad("workers", settings.workers, wanted)
    if settings.workers > 1 and database_address(settings.database).path is not None:
        raise _bad("workers", settings.workers, _("1, as an SQLite file has one writer"))
    if settings.log_format not in FORMS:
        raise _bad("log_format", settings.log_format, "text | json")
    figures = metrics_address(settings.metrics)
    if figures is not None and figures[1] == settings.port != 0:
        raise _bad("metrics", settings.metrics, _("an address with another port than the server's"))


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
    raise _bad("metrics", text, _("an address with a port, as 127.0.0.1:9464"))


def _checked_store(settings: ServerSettings) -> ServerSettings:
    beside = settings.s3_endpoint or settings.s3_region or settings.s3_keys
    if beside and not settings.s3_bucket:
        raise _bad("s3_bucket", "", _("the name of a bucket, as the others of s3_… are given"))
    if not settings.s3_endpoint:
        return settings
    return replace(settings, s3_endpoint=checked_url(settings.s3_endpoint))


def checked_url(text: str) -> str:
    """An http(s) address without a slash at its end. Raises InputError."""
    try:
        parts = urlsplit(text.strip())
        good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        good = False
    if not good or any(c.isspace() or c in "\"'<>\\" for c in text.strip()):
        raise _bad("url", text, _("an address that begins with https:// or http://"))
    return text.strip().rstrip("/")


def _bad(name: str, value: object, wanted: str) -> InputError:
    return InputError(
        _("The setting {name} cannot be “{value}”.").format(name=name, value=value),
        _("It must be {wanted}.").format(wanted=wanted),
    )
