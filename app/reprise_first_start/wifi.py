"""Wi-Fi by NetworkManager: what is in reach, and joining one of them for good."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Sequence

from reprise_common import nm_keyfile, nmcli
from reprise_common.network import (
    AccessPoint,
    Joined,
    JoinRequest,
    LinkKind,
    LinkState,
    Security,
    password_fits,
    strongest,
)
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root
from reprise_first_start.i18n import N_, _

PROFILES = "etc/NetworkManager/system-connections"
_QUICK_S, _SCAN_S, _JOIN_S = 10.0, 25.0, nmcli.JOIN_WAIT_S + 10.0
_NEAR_BOX = N_("Move closer to the box, or try again. You may also go on without Wi-Fi.")
_COPY_AGAIN = N_("Copy it again from the label of your box. Capitals and small letters count.")
# What happened -> (what, what to do)
_TOLD = {
    Joined.PASSWORD_LENGTH: (
        N_("This cannot be the password of this Wi-Fi: it has too few or too many characters."),
        N_("Copy it from the label of your box. Capitals and small letters count."),
    ),
    Joined.PASSWORD: (N_("The Wi-Fi did not accept this password."), _COPY_AGAIN),
    Joined.ENTERPRISE: (
        N_("This Wi-Fi asks for an account of its own (a school, a company)."),
        N_("Choose another one, or go on: you can join it later, with help from its owner."),
    ),
    Joined.NOT_FOUND: (N_("This Wi-Fi is out of reach."), _NEAR_BOX),
    Joined.NO_ADDRESS: (N_("The Wi-Fi answers, but gives no connection."),
                        N_("Switch the box off and on, wait two minutes, and try again.")),
    Joined.KEY_UNCHECKED: (N_("The Wi-Fi gives no connection: perhaps the password is wrong."),
                           _COPY_AGAIN),
    Joined.NO_ADAPTER: (N_("The Wi-Fi of this computer does not answer."),
                        N_("Go on without Wi-Fi, or plug in a network cable.")),
}  # fmt: skip
_ELSE = N_("The Wi-Fi could not be joined."), _NEAR_BOX


def is_wanted() -> bool:
    """Whether there is a question: Wi-Fi is there and no cable does the work."""
    devices = nmcli.parse_devices(_ask(nmcli.argv_devices(), _QUICK_S)[1])
    cable = any(
        device.kind is LinkKind.ETHERNET and device.state is LinkState.UP for device in devices
    )
    wifi = (LinkState.UNMANAGED, LinkState.NO_FIRMWARE)
    return not cable and any(
        device.kind is LinkKind.WIFI and device.state not in wifi for device in devices
    )


def in_reach() -> tuple[AccessPoint, ...]:
    """By strength; takes seconds."""
    _ask(nmcli.argv_radio_on(), _QUICK_S)
    return strongest(nmcli.parse_wifi_list(_ask(nmcli.argv_wifi_list(rescan=True), _SCAN_S)[1]))


def join(root: Root, request: JoinRequest) -> None:
    """Takes up to a minute. Kept by NetworkManager when it worked; a wrong password is not, and
    what worked before it comes back. Raises FirstStartError."""
    if request.security is Security.ENTERPRISE:
        raise told(Joined.ENTERPRISE)
    if not password_fits(request.security, request.password):
        raise told(Joined.PASSWORD_LENGTH)
    uuid = nm_keyfile.profile_uuid(request.ssid)
    profile = f"{PROFILES}/wifi-{uuid}.nmconnection"
    before = _profile_of_before(root, profile)
    shown = "".join(char if char.isprintable() else " " for char in request.ssid).strip()
    try:  # whoever named the network could put a line of settings into it: only what prints
        root.write(profile, nm_keyfile.keyfile_text(request, name=shown), mode=0o600)
    except (OSError, ValueError) as error:
        raise told(Joined.FAILED) from error
    _ask(nmcli.argv_load(os.fspath(root.at(profile))), _QUICK_S)
    outcome = nmcli.parse_join(*_ask(nmcli.argv_join(uuid), _JOIN_S), request.security)
    if outcome is not Joined.OK:
        _go_back_to(root, profile, uuid, before)
        raise told(outcome)


def _profile_of_before(root: Root, profile: str) -> str:
    """Of an earlier try, which worked; "" where there was none."""
    try:
        return root.read_text(profile)
    except (OSError, ValueError):
        return ""


def _go_back_to(root: Root, profile: str, uuid: str, before: str) -> None:
    """NetworkManager left the network for this try: it joins again, without anybody waiting."""
    try:
        if before:
            root.write(profile, before, mode=0o600)
            _ask(nmcli.argv_load(os.fspath(root.at(profile))), _QUICK_S)
            _ask(nmcli.argv_up(uuid, wait_s=0), _QUICK_S)
            return
        root.remove(profile)
    except OSError as error:
        raise told(Joined.FAILED) from error
    _ask(nmcli.argv_reload(), _QUICK_S)


def told_failed() -> FirstStartError:
    return told(Joined.FAILED)


def told(found: Joined) -> FirstStartError:
    what, what_to_do = _TOLD.get(found, _ELSE)
    return FirstStartError(_(what), _(what_to_do))


def _ask(argv: Sequence[str], timeout_s: float) -> tuple[int, str]:
    """(exit code, answer); without NetworkManager the answer is empty."""
    try:
        done = subprocess.run(
            argv, capture_output=True, text=True, errors="replace", timeout=timeout_s, check=False,
            env={**os.environ, "LC_ALL": "C.UTF-8"},
        )  # fmt: skip
    except FileNotFoundError:
        return 127, ""
    except subprocess.TimeoutExpired:
        return nmcli.TIMED_OUT, ""
    return done.returncode, done.stdout
