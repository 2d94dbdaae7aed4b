"""The only file that binds ports to adapters."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from reprise.ports import CommandResult, CommandRunner, DriveProbe
    from reprise.server.settings import ServerSettings


def command_runner(on_call: Callable[[CommandResult], None] | None = None) -> CommandRunner:
    """The funnel for external commands; `on_call` sees each of them."""
    from reprise.adapters.command import SystemCommandRunner

    return SystemCommandRunner(on_call)


def drive_probe(runner: CommandRunner | None = None) -> DriveProbe:
    """Reads this machine's hardware; never writes."""
    from reprise.adapters.probe import SystemProbe

    return SystemProbe(runner or command_runner())


def server_settings(config: str | None, options: Mapping[str, object]) -> ServerSettings:
    """server.toml of the settings folder (defaults where it has none), then the options."""
    from reprise.adapters.config_files import config_dir, read_config
    from reprise.server.settings import FILE, load_settings

    path = config_dir(config) / FILE
    text = read_config(path) if path.exists() else ""
    return load_settings(text, str(path), options)


def check_station_settings(text: str) -> None:
    """Raises InputError where a station would not take this reprise.toml."""
    from reprise.settings import load_settings

    _settings, problems = load_settings([("reprise.toml", text)])
    for problem in problems:
        raise problem
