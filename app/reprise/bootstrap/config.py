"""What people decide in files: the station's settings from their four sources, the server's, and
the rules of the settings folder."""

from __future__ import annotations

import os
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from reprise.bootstrap.storage import session_file, settings_on_stick, store
from reprise.errors import InputError, RepriseError, StorageError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from reprise.bootstrap.command_line import CommandLine
    from reprise.domain.pc.impact import ImpactFactors
    from reprise.domain.pc.triage import TriageRules
    from reprise.domain.planning.policy import Policy
    from reprise.server.settings import ServerSettings
    from reprise.settings import Settings

T = TypeVar("T")
DATABASE_URL = "REPRISE_DATABASE_URL"


def settings(given: CommandLine) -> Settings:
    """For commands: raises the first InputError (or StorageError) of any source."""
    loaded, problems = station_settings(given)
    for problem in problems:
        raise problem
    return loaded


def station_settings(given: CommandLine) -> tuple[Settings, tuple[RepriseError, ...]]:
    """For the station: what could not be used is told and left out, and it goes on."""
    from reprise.adapters.storage.config_files import (
        MOST,
        config_dir,
        decode_config,
        kernel_command_line,
        read_config,
    )
    from reprise.adapters.storage.store import SETTINGS
    from reprise.settings import load_settings

    problems: list[RepriseError] = []
    sources: list[tuple[str, str]] = []
    shipped = config_dir(given.config) / "station.toml"
    chosen = session_file(given.data)

    def on_the_stick() -> str | None:
        data = store(given.data).read(SETTINGS, stick_first=True, sure=True, most=MOST)
        return None if data is None else decode_config(data, SETTINGS)

    def if_there(path: Path) -> str | None:
        return read_config(path) if path.exists() else None

    for name, read in (
        (str(shipped), partial(if_there, shipped)),
        (SETTINGS, on_the_stick),
        (chosen.name, partial(if_there, chosen)),
    ):
        try:
            if text := read():
                sources.append((name, text))
        except (InputError, StorageError) as error:
            problems.append(error)
    loaded, wrong = load_settings(sources, kernel_command_line())
    return loaded, (*problems, *wrong)


def server_url(given: CommandLine) -> Callable[[], str]:
    """Of the settings in force whenever it is asked, which a station that joins a server changes.
    Read anew only where a file of theirs is another one."""
    files = (session_file(given.data), settings_on_stick(given.data))
    last: tuple[tuple[object, ...], str] | None = None

    def now() -> str:
        nonlocal last
        marks = tuple(_mark(path) for path in files)
        if last is None or marks != last[0]:
            last = marks, station_settings(given)[0].server.url
        return last[1]

    return now


def _mark(path: Path) -> object:
    """Another one wherever the file is."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_ino, found.st_mtime_ns, found.st_size


def server_settings(config: str | None, options: Mapping[str, object]) -> ServerSettings:
    """server.toml of the settings folder (defaults where it has none), then the environment, as a
    container is told its database, then the options."""
    from reprise.adapters.storage.config_files import read_config
    from reprise.server.settings import load_settings

    path = server_settings_file(config)
    text = read_config(path) if path.exists() else ""
    given = {name: value for name, value in options.items() if value is not None}
    told = {"database": os.environ.get(DATABASE_URL) or None}
    return load_settings(text, str(path), {**told, **given})


def command_settings(config: str | None, options: Mapping[str, object]) -> ServerSettings:
    """As server_settings, for whoever types a command: what its unit alone tells the service
    (server.env) stands in the environment from then on. Else a backup would be of the database
    that the service left at once for the one that this file names.

    Raises InputError where that file may name another database, and cannot be read.
    """
    from reprise.adapters.storage.environment_file import read_environment

    file = server_settings_file(config).with_name("server.env")
    named = options.get("database") or os.environ.get(DATABASE_URL)
    if os.access(file, os.R_OK) or (not named and os.path.lexists(file)):
        for name, value in read_environment(file).items():
            if not os.environ.get(name):
                os.environ[name] = value
    return server_settings(config, options)


def server_settings_file(config: str | None) -> Path:
    """It need not be there."""
    from reprise.adapters.storage.config_files import config_dir
    from reprise.server.settings import FILE

    return config_dir(config) / FILE


def policy(config: str | None) -> Policy:
    """policy.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.domain.planning.policy import Policy

    return _configured(config, "policy.toml", Policy)


def triage_rules(config: str | None) -> TriageRules:
    """triage.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.domain.pc.triage import TriageRules

    return _configured(config, "triage.toml", TriageRules)


def impact_factors(config: str | None) -> ImpactFactors:
    """impact.toml of the settings folder; the defaults where it has none. Raises InputError."""
    from reprise.domain.pc.impact import ImpactFactors

    return _configured(config, "impact.toml", ImpactFactors)


def _configured(config: str | None, name: str, kind: type[T]) -> T:
    from reprise.adapters.storage.config_files import config_dir, read_config
    from reprise.strict_toml import dataclass_from_toml

    path = config_dir(config) / name
    return dataclass_from_toml(read_config(path), kind, str(path)) if path.exists() else kind()
