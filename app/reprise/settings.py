"""One frozen Settings: defaults < config/station.toml < the stick's reprise.toml < kernel command
line (`reprise.section.key=value`). Pure: takes texts; adapters/config_files.py reads them."""

from __future__ import annotations

import ipaddress
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Literal
from urllib.parse import urlsplit

import msgspec

from reprise.domain.layouts import Layout, layout_of
from reprise.domain.network import good_password
from reprise.errors import InputError
from reprise.i18n import _
from reprise.strict_toml import check_keys, convert, parse_toml

COMMAND_LINE = "kernel command line"  # how errors name that source
_PREFIX = "reprise."
_SHORT = {"lang": "station.language"}  # reprise.lang=en, as the boot menu writes it


@dataclass(frozen=True, slots=True)
class StationSettings:
    """`name` tells one station from another in reports; `keyboard` is a layout
    of the console (domain.layouts); "": the start menu's, which is French."""

    name: str = "reprise"
    language: Literal["fr", "en"] = "fr"
    keyboard: str = ""

    def __post_init__(self) -> None:
        if self.keyboard and layout_of(self.keyboard) is None:
            raise ValueError(
                _("keyboard: one of {names}").format(names=", ".join(one.value for one in Layout))
            )


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """`url` "": no server. `ca_file`: PEM of a private authority, relative to reprise.toml.

    Reports name people's machines, so http:// is taken for this machine and private addresses
    (RFC 1918, RFC 4193, link-local) only.
    """

    url: str = ""
    ca_file: str = ""
    proxy: str = ""
    connect_timeout_s: float = 10.0
    read_timeout_s: float = 30.0

    def __post_init__(self) -> None:
        if self.url:
            _check_url(self.url)
        if self.proxy:
            check_proxy(self.proxy)
        if self.connect_timeout_s <= 0 or self.read_timeout_s <= 0:
            raise ValueError("connect_timeout_s, read_timeout_s: > 0")


@dataclass(frozen=True, slots=True)
class NetworkSettings:
    """The Wi-Fi that the station joins by itself; `ssid` "": none. `password` "": an open one.
    `wpa3`: it takes WPA3 and nothing older. Ethernet needs no settings; the proxy is the
    server's."""

    ssid: str = ""
    password: str = field(default="", repr=False)
    hidden: bool = False
    wpa3: bool = False

    def __post_init__(self) -> None:
        if len(self.ssid.encode("utf-8", "surrogateescape")) > 32:  # IEEE 802.11-2020, 9.4.2.2
            raise ValueError(_("ssid: at most 32 bytes"))
        if self.password and not self.ssid:
            raise ValueError(_("a password without ssid"))
        if self.password and not good_password(self.password):
            raise ValueError(_("password: 8 to 63 letters, digits and signs without accents"))


@dataclass(frozen=True, slots=True)
class OperatorSettings:
    """Put into every report unless the technician types something else."""

    name: str = ""
    organisation: str = ""
    place: str = ""
    lot: str = ""
    donor: str = ""


@dataclass(frozen=True, slots=True)
class InstallSettings:
    """`image` "": the station proposes the first one on the stick. The password is for the first
    log-in only and must be changed then."""

    image: str = ""
    hostname: str = "pc-reprise"
    user: str = "utilisateur"
    password: str = "reprise"  # noqa: S105 - printed on the hand-over sheet, changed at log-in
    locale: str = "fr_FR.UTF-8"
    keyboard: str = "fr"
    timezone: str = "Europe/Paris"


@dataclass(frozen=True, slots=True)
class Settings:
    station: StationSettings = field(default_factory=StationSettings)
    server: ServerSettings = field(default_factory=ServerSettings)
    network: NetworkSettings = field(default_factory=NetworkSettings)
    operator: OperatorSettings = field(default_factory=OperatorSettings)
    install: InstallSettings = field(default_factory=InstallSettings)


def load_settings(
    sources: Sequence[tuple[str, str]], command_line: str = ""
) -> tuple[Settings, tuple[InputError, ...]]:
    """Settings from (file name, TOML text) pairs, weakest first, then the kernel command line.

    A source with a mistake is left out as a whole and its error returned: a garbled file on the
    stick must not keep the station from erasing. Callers that must not go on raise the first one.
    """
    merged: dict[str, Any] = {}
    problems: list[InputError] = []
    for file, text in sources:
        try:
            table = parse_toml(text, file)
            check_keys(table, Settings, file, text)
            convert(table, Settings, file, text)
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
    pairs = (
        word.removeprefix(_PREFIX).partition("=") for word in words if word.startswith(_PREFIX)
    )
    return [(_SHORT.get(key, key), value) for key, _equals, value in pairs]


def _kernel_table(key: str, value: str) -> dict[str, Any]:
    """One word as a table, its value in the type that the setting has. Raises InputError."""
    table: dict[str, Any] = {}
    here = table
    *sections, name = key.split(".")
    for section in sections:
        here[section] = here = {}
    here[name] = value
    check_keys(table, Settings, COMMAND_LINE)
    try:
        typed = msgspec.convert(table, type=Settings, strict=False)
    except msgspec.ValidationError:
        convert(table, Settings, COMMAND_LINE)  # raises, with our words
        raise
    builtins: Any = msgspec.to_builtins(typed)
    for section in sections:
        builtins = builtins[section]
    here[name] = builtins[name]
    return table


def _check_url(url: str) -> None:
    try:
        parts = urlsplit(url)
        host, _port = parts.hostname or "", parts.port
    except ValueError as error:
        raise ValueError(_("“{url}” is not an address (https://…)").format(url=url)) from error
    if parts.scheme not in ("http", "https") or not host or parts.query or parts.fragment:
        raise ValueError(_("“{url}” is not an address (https://…)").format(url=url))
    if parts.username or parts.password:
        raise ValueError(_("“{url}” must not hold a password").format(url=url))
    if parts.scheme == "http" and not _is_private(host):
        raise ValueError(
            _("“{url}” must begin with https:// (http:// is for private addresses only)").format(
                url=url
            )
        )


def check_proxy(url: str) -> None:
    """Raises ValueError. An account may stand in it: http://user:password@proxy:3128."""
    try:
        parts = urlsplit(url)
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
        good = good and (parts.port or 1) > 0 and parts.path in ("", "/") and not parts.query
    except ValueError:
        good = False
    if not good:
        raise ValueError(
            _("“{url}” is not a proxy (http://proxy.example.org:3128)").format(url=url)
        )


def _is_private(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_private and not address.is_unspecified
