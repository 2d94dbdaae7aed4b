"""One frozen Settings: defaults < config/station.toml < the stick's reprise.toml < kernel command
line (`reprise.section.key=value`). Pure: takes texts; adapters/storage/config_files.py reads
them."""

from __future__ import annotations

import ipaddress
import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from reprise.domain.install.options import InstallOptions
from reprise.domain.report.events import Operator
from reprise.domain.station.unattended import Unattended
from reprise.errors import InputError
from reprise.i18n import _
from reprise.strict_toml import check_keys, convert, parse_toml

_KEY = re.compile(r"[A-Za-z0-9_-]{43}")  # 32 bytes in base64url
COMMAND_LINE = "kernel command line"  # how errors name that source
_WORD = re.compile(r"(?s)reprise\.([^=]*)=?(.*)")
# Words of the start menu that the image's units and scripts read (docs/decisions/0160-access.md),
# and those of a start from the network (0172-starting-from-the-network.md).
_START = frozenset({"mode", "speech", "braille", "font", "serial", "netboot", "netboot.list"})
# Of what is to be an address: up to the last sign that may end a password, which may hold any.
_LOGIN = re.compile(r"(?is)^([a-z][a-z0-9+.-]*://)?.*@")
# Where no sign tells of a login, what should be a port may be its second half.
_PORT = re.compile(r"(?is)^([a-z][a-z0-9+.-]*://[^][:/]*:).*")
_SHORT = {"lang": "station.language"}  # reprise.lang=en, as the boot menu writes it


@dataclass(frozen=True, slots=True)
class StationSettings:
    """`name` tells one station from another in reports; `keyboard` is a console keymap; "": the
    start menu's."""

    name: str = "reprise"
    language: Literal["fr", "en"] = "fr"
    keyboard: str = ""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`url` "": no server. `key`: its public key, noted when the station joined it ("x" of RFC
    8037, 2). `ca_file`: PEM of a private authority, relative to reprise.toml. `proxy`: kept in
    proxy_url's form.

    Reports name people's machines, so http:// is taken for this machine and private addresses
    (RFC 1918, RFC 4193, link-local) only.
    """

    url: str = ""
    key: str = ""
    ca_file: str = ""
    proxy: str = ""
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0

    def __post_init__(self) -> None:
        if self.url:
            _check_url(self.url)
        if self.key and not _KEY.fullmatch(self.key):
            raise ValueError(_("key must be what the station wrote when it joined the server"))
        object.__setattr__(self, "proxy", proxy_url(self.proxy))
        if not all(0.001 <= wait <= 600 for wait in (self.connect_timeout_s, self.read_timeout_s)):
            raise ValueError(
                _("connect_timeout_s and read_timeout_s must be from 0.001 to 600 (seconds)")
            )


@dataclass(frozen=True, slots=True)
class WifiSettings:
    """The network that the station joins by itself where it is in reach. `ssid` "": none."""

    ssid: str = ""
    password: str = ""
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Put into every report unless the technician types something else."""

    name: str = ""
    organisation: str = ""
    place: str = ""
    lot: str = ""
    donor: str = ""

    def of_report(self) -> Operator:
        return Operator(**asdict(self))


@dataclass(frozen=True, slots=True)
class Settings:
    station: StationSettings = field(default_factory=StationSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    wifi: WifiSettings = field(default_factory=WifiSettings)
    operator: OperatorSettings = field(default_factory=OperatorSettings)
    install: InstallOptions = field(default_factory=InstallOptions)
    auto: Unattended = field(default_factory=Unattended)

    def secrets(self) -> tuple[str, ...]:
        """What must not stand in a file that is handed around. The password that is printed in
        every manual is none."""
        password, proxy = self.install.password, urlsplit(self.server.proxy).password or ""
        own = password if password != InstallOptions().password else ""
        return tuple(secret for secret in (own, self.wifi.password, proxy) if secret)


def load_settings(
    sources: Sequence[tuple[str, str]], command_line: str = ""
) -> tuple[Settings, tuple[InputError, ...]]:
    """Settings from (file name, TOML text) pairs, weakest first, then the kernel command line.

    A source with a mistake is left out as a whole and its error returned: a garbled file on the
    stick must not keep the station from erasing. Of [server] a value alone is left out: a proxy or
    a time that earlier versions took must not keep reports from being sent. Callers that must not
    go on raise the first one.
    """
    merged: dict[str, Any] = {}
    problems: list[InputError] = []
    for file, text in sources:
        try:
            table = parse_toml(text, file)
            check_keys(table, Settings, file, text)
            table, wrong = _without_wrong_server(table, file, text)
            convert(table, Settings, file, text)
            problems += wrong
        except InputError as error:
            problems.append(error)
        else:
            merged = _merge(merged, table)
    for key, value in _kernel_words(command_line):
        try:
            merged = _merge(merged, _kernel_table(key, value))
        except InputError as error:
            problems.append(error)
    return convert(merged, Settings, COMMAND_LINE), tuple(problems)


def _without_wrong_server(
    table: dict[str, Any], file: str, text: str
) -> tuple[dict[str, Any], list[InputError]]:
    """The table with what can be used of its [server], and what is wrong with the rest."""
    server = table.get("server")
    if not isinstance(server, Mapping):
        return table, []
    usable: dict[str, Any] = {}
    problems = []
    for key, value in server.items():
        try:
            convert({"server": {key: value}}, Settings, file, text)
        except InputError as error:
            problems.append(error)
        else:
            usable[key] = value
    return {**table, "server": usable}, problems


def checked_settings(text: str, file: str) -> Settings:
    """What a station takes from this file alone. Raises InputError where it would not take it."""
    settings, problems = load_settings([(file, text)])
    for problem in problems:
        raise problem
    return settings


def _merge(weak: Mapping[str, Any], strong: Mapping[str, Any]) -> dict[str, Any]:
    merged = dict(weak)
    for key, value in strong.items():
        below = merged.get(key)
        both = isinstance(below, Mapping) and isinstance(value, Mapping)
        merged[key] = _merge(below, value) if both else value  # type: ignore[arg-type]
    return merged


def _kernel_words(command_line: str) -> list[tuple[str, str]]:
    """`reprise.key=value` words; the kernel quotes with double quotes only."""
    lexer = shlex.shlex(command_line, posix=True)
    lexer.whitespace_split, lexer.commenters, lexer.quotes, lexer.escape = True, "", '"', ""
    try:
        words = list(lexer)
    except ValueError:  # an unbalanced quote: the kernel takes the rest literally
        words = command_line.replace('"', "").split()
    pairs = (found.groups() for word in words if (found := _WORD.match(word)))
    return [(_SHORT.get(key, key), value) for key, value in pairs if key not in _START]


def _kernel_table(key: str, value: str) -> dict[str, Any]:
    """One word as a table, its value in the type that the setting has. Raises InputError."""
    table: dict[str, Any] = {}
    here = table
    *sections, name = key.split(".")
    for section in sections:
        here[section] = here = {}
    here[name] = value
    check_keys(table, Settings, COMMAND_LINE)
    typed = convert(table, Settings, COMMAND_LINE, strict=False)
    builtins: Any = msgspec.to_builtins(typed)
    for section in sections:
        builtins = builtins[section]
    here[name] = builtins[name]
    return table


def proxy_url(typed: str) -> str:
    """http://host:port, also from host:port alone; "" stays. Raises ValueError, whose words do not
    repeat a password."""
    text = "".join(typed.split())
    url = text if "://" in text or not text else f"http://{text}"
    if url and not _is_proxy(url, needs_port=url != text):
        raise ValueError(_("proxy must be as in http://proxy.example.org:3128"))
    return url.rstrip("/")


def _is_proxy(url: str, *, needs_port: bool) -> bool:
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        return False
    more = parts.path.strip("/") or parts.query or parts.fragment
    told = port != 0 if port is not None else not needs_port
    return (
        parts.scheme == "http" and bool(parts.hostname) and told and not more and url.isprintable()
    )


def _check_url(url: str) -> None:
    """Raises ValueError, whose words do not repeat a password: they are shown and spoken."""
    shown = _LOGIN.sub(r"\1…@", url)
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        shown = _PORT.sub(r"\1…", shown)
        raise ValueError(_("“{url}” is not an address (https://…)").format(url=shown)) from error
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ValueError(_("“{url}” is not an address (https://…)").format(url=shown))
    if parts.username or parts.password:
        raise ValueError(_("“{url}” must not hold a password").format(url=shown))
    if parts.scheme == "http" and not _is_private(host):
        raise ValueError(
            _("“{url}” must begin with https:// (http:// is for private addresses only)").format(
                url=shown
            )
        )


def _is_private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private and not address.is_unspecified
