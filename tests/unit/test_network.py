"""Joining a Wi-Fi: where its password goes, and where it never goes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from reprise.adapters.network import NmNetwork
from reprise.domain.network import JoinFault, LinkState, Security, WifiWish
from reprise.errors import StorageError
from reprise.ports import CommandResult

SECRET = "correct horse \\battery"
WISH = WifiWish("Agglo: bureaux", SECRET, security=Security.WPA)


class Nmcli:
    """Answers by the words of a command; remembers all of them."""

    def __init__(self, **answers: tuple[int, str, str]) -> None:
        self.answers, self.calls = answers, []

    def run(
        self, argv: Sequence[str], timeout_s: float = 30.0, stdin: bytes | None = None
    ) -> CommandResult:
        self.calls.append((tuple(argv), stdin))
        code, out, err = next((a for w, a in self.answers.items() if w in argv), (0, "", ""))
        return CommandResult(tuple(argv), code, out.encode(), err.encode(), 0.1)

    def said(self, word: str) -> list[tuple[str, ...]]:
        return [argv for argv, _stdin in self.calls if word in argv]


def test_the_password_is_in_one_file_that_root_reads_and_nowhere_else(tmp_path: Path) -> None:
    nmcli = Nmcli()
    assert NmNetwork(nmcli, tmp_path).join(WISH).fault is None
    (profile,) = tmp_path.iterdir()
    assert profile.stat().st_mode & 0o777 == 0o600
    assert "psk=correct horse \\\\battery" in profile.read_text()
    assert nmcli.said("load") == [("nmcli", "connection", "load", str(profile))]
    assert nmcli.said("up")
    assert not any(SECRET in f"{argv} {stdin!r}" for argv, stdin in nmcli.calls)
    assert SECRET not in repr(WISH)


def test_a_wrong_password_is_forgotten_at_once(tmp_path: Path) -> None:
    said = "Error: Connection activation failed: (7) Secrets were required, but not provided."
    nmcli = Nmcli(up=(4, "", said))
    assert NmNetwork(nmcli, tmp_path).join(WISH).fault is JoinFault.PASSWORD
    assert nmcli.said("delete")


def test_an_unknown_failure_is_told_in_the_services_words(tmp_path: Path) -> None:
    joined = NmNetwork(Nmcli(up=(10, "", "Error: out of\n luck.")), tmp_path).join(WISH)
    assert (joined.fault, joined.detail) == (JoinFault.FAILED, "Error: out of luck.")


@pytest.mark.parametrize(
    ("wish", "fault"),
    [
        (WifiWish("x", security=Security.ENTERPRISE), JoinFault.UNSUPPORTED),
        (WifiWish("x", security=Security.WEP), JoinFault.UNSUPPORTED),
        (WifiWish("x", "short", security=Security.WPA), JoinFault.BAD_PASSWORD),
    ],
)
def test_what_cannot_be_joined_is_not_even_tried(
    tmp_path: Path, wish: WifiWish, fault: JoinFault
) -> None:
    nmcli = Nmcli()
    assert NmNetwork(nmcli, tmp_path).join(wish).fault is fault
    assert nmcli.calls == []
    assert list(tmp_path.iterdir()) == []


def test_what_the_settings_ask_for_is_asked_for_once_and_beside_what_is_typed(
    tmp_path: Path,
) -> None:
    nmcli = Nmcli()
    network = NmNetwork(nmcli, tmp_path)
    network.join(WifiWish("typed"))
    for _again in range(3):
        network.keep(WISH)
    assert len(list(tmp_path.iterdir())) == 2
    assert len(nmcli.said("load")) == 2


def test_a_folder_that_cannot_be_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        NmNetwork(Nmcli(), tmp_path / "file" / "profiles").keep(WISH)


def test_without_its_service_there_is_no_network(tmp_path: Path) -> None:
    gone = (8, "", "Error: NetworkManager is not running.")
    network = NmNetwork(Nmcli(show=gone, list=gone), tmp_path)
    assert not network.state().running
    assert network.scan() == ()


def test_a_card_that_has_just_listened_is_asked_for_what_it_heard(tmp_path: Path) -> None:
    heard = (0, f"*:{b'Agglo'.hex()}:70:WPA2", "")
    nmcli = Nmcli(yes=(1, "", "Error: Scanning not allowed."), auto=heard)
    (network,) = NmNetwork(nmcli, tmp_path).scan()
    assert network.ssid == "Agglo"


def test_the_recorded_state_is_read(tmp_path: Path) -> None:
    text = (Path(__file__).parent / "recorded" / "nmcli-device-show.txt").read_text()
    state = NmNetwork(Nmcli(show=(0, text, "")), tmp_path).state()
    assert [link.state for link in state.connected] == [LinkState.CONNECTED]
