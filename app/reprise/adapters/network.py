"""The PC's network, through NetworkManager.

A Wi-Fi password goes into a profile file that only root reads, under /run, which is memory: it is
on no command line, in no log and on no drive, and is gone once the PC is switched off. The file
and not a question of nmcli's, because NetworkManager must be able to join again by itself when the
signal was lost at night.
"""

from __future__ import annotations

from pathlib import Path
from uuid import NAMESPACE_OID, uuid5

from reprise.adapters.files import read_or_none, write_durably
from reprise.adapters.store import storage_error
from reprise.domain.network import (
    Joined,
    JoinFault,
    NetworkState,
    Security,
    WifiNetwork,
    WifiWish,
    good_password,
)
from reprise.ports import CommandRunner
from reprise.tools import nmcli

PROFILES = Path("/run/NetworkManager/system-connections")
TYPED, SET = "reprise-typed", "reprise-settings"  # by the person; in reprise.toml
_JOIN_S = 45  # association, and DHCP's 45 s at most are rarely used up
_SCAN_S = 25.0


class NmNetwork:
    """workflow.side.Network. `profiles`: where NetworkManager looks for profiles in memory."""

    def __init__(self, runner: CommandRunner, profiles: Path = PROFILES) -> None:
        self._runner = runner
        self._profiles = profiles

    def state(self) -> NetworkState:
        result = self._runner.run(nmcli.argv_links(), timeout_s=10)
        if result.exit_code != 0:
            return NetworkState(running=False)
        return nmcli.parse_links(result.text)

    def scan(self) -> tuple[WifiNetwork, ...]:
        """Listens for some seconds. Empty where nothing is heard or there is no Wi-Fi."""
        for again in (True, False):  # a card that has just listened refuses to do so again
            result = self._runner.run(nmcli.argv_scan(again=again), timeout_s=_SCAN_S)
            if result.exit_code == 0:
                return nmcli.parse_scan(result.text)
        return ()

    def join(self, wish: WifiWish) -> Joined:
        """Waits until the network is in use or will not be. What was typed is kept until the PC is
        switched off, a wrong password not even that long. Raises StorageError where /run is full.
        """
        if wish.security in (Security.WEP, Security.ENTERPRISE):
            return Joined(JoinFault.UNSUPPORTED)
        if wish.password and not good_password(wish.password):
            return Joined(JoinFault.BAD_PASSWORD)
        self.keep(wish, TYPED)
        argv = nmcli.argv_up(_uuid(TYPED), _JOIN_S)
        result = self._runner.run(argv, timeout_s=_JOIN_S + 10)
        said = " ".join(result.stderr.decode("utf-8", "replace").split())
        fault = JoinFault.TIMEOUT if result.timed_out else nmcli.parse_join(result.exit_code, said)
        if fault is JoinFault.PASSWORD:
            self._runner.run(nmcli.argv_delete(_uuid(TYPED)), timeout_s=10)
        return Joined(fault, said if fault is JoinFault.FAILED else "")

    def keep(self, wish: WifiWish, name: str = SET) -> None:
        """Have the network joined whenever it is in reach. Before NetworkManager runs, the file
        alone does it. Changes nothing where that is asked for already. Raises StorageError."""
        path = self._profiles / f"{name}.nmconnection"
        data = nmcli.wifi_profile(wish, name, _uuid(name)).encode("utf-8")
        try:
            if read_or_none(path) == data:
                return
            write_durably(path, data, mode=0o600)
        except OSError as error:
            raise storage_error(error, path) from error
        self._runner.run(nmcli.argv_wifi_on(), timeout_s=10)
        self._runner.run(nmcli.argv_load(str(path)), timeout_s=10)


def _uuid(name: str) -> str:
    return str(uuid5(NAMESPACE_OID, name))
