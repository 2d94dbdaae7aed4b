"""Which passwords a wireless network may have, and that none is shown."""

from __future__ import annotations

import pytest

from reprise_common.network import JoinRequest, Security, password_fits


@pytest.mark.parametrize(
    ("security", "password", "fits"),
    [
        (Security.WPA2, "1234567", False),
        (Security.WPA2, "12345678", True),
        (Security.WPA2_WPA3, "é" * 32, False),
        (Security.WPA2, "a" * 64, True),
        (Security.WPA2, "0123456789abcdefABCDEF" + "0" * 42, True),
        (Security.WPA2, "z" * 64, False),
        (Security.WPA3, "x", True),
        (Security.WPA3, "", False),
        (Security.WEP, "abcde", True),
        (Security.WEP, "abcdef", False),
        (Security.WEP, "0123456789", True),
        (Security.WEP, "0123456789abcdefABCDEF" + "0" * 4, True),
        (Security.OPEN, "", True),
        (None, "", True),
        (None, "short", False),
    ],
)
def test_passwords_that_cannot_be(security: Security | None, password: str, fits: bool) -> None:
    assert password_fits(security, password) is fits


def test_a_request_never_shows_its_password() -> None:
    request = JoinRequest("cafe", "hunter2-hunter2", security=Security.WPA2)
    assert repr(request) == "JoinRequest('cafe', wpa2)"


def test_which_networks_ask_for_a_password() -> None:
    without = {Security.OPEN, Security.ENHANCED_OPEN, Security.ENTERPRISE}
    assert {one for one in Security if not one.takes_password} == without


@pytest.mark.parametrize(
    ("security", "sizes"),
    [
        (Security.WPA2, {*range(8, 65)}),
        (Security.WEP, {5, 13, 10, 26}),
        (Security.WPA3, {*range(1, 70)}),
        (Security.OPEN, {*range(70)}),
        (None, {0, *range(8, 65)}),
    ],
)
def test_how_long_a_password_of_hexadecimal_digits_may_be(
    security: Security | None, sizes: set[int]
) -> None:
    assert {size for size in range(70) if password_fits(security, "a" * size)} == sizes


@pytest.mark.parametrize(
    ("security", "sizes"),
    [(Security.WPA2, {*range(8, 64)}), (Security.WEP, {5, 13}), (None, {0, *range(8, 64)})],
)
def test_how_long_one_of_any_letters_may_be(security: Security | None, sizes: set[int]) -> None:
    assert {size for size in range(70) if password_fits(security, "z" * size)} == sizes
