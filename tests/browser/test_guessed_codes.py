"""Second factors of an account are guessed from nowhere, and its owner hears of it."""

from __future__ import annotations

import itertools
import json

from playwright.sync_api import Page

from browser.kit import Place, is_at, log_in, member, token_of
from browser.test_second_factor import next_code, set_up_app
from server.kit import b64

_MOST = 20  # an hour
_NO_MORE = "second factor. Wait an hour, then try again."
_SAID = b'{"type": "webauthn.get", "challenge": "AAAA", "origin": "http://x"}'
_ANSWER = {
    "clientDataJSON": b64(_SAID).decode(),
    "authenticatorData": b64(bytes(37)).decode(),
    "signature": "AAAA",
}
# What a key says (W3C, Web Authentication 2, 5.1), and this account has none.
_NO_KEY = json.dumps({"id": "AAAA", "rawId": "AAAA", "type": "public-key", "response": _ANSWER})
_address = itertools.count(1)


def _tried(page: Page, there: str, code: str, name: str = "code") -> str:
    """From an address that nobody came from before; what the page says."""
    headers = {"Origin": page.url.partition("/account")[0], "Accept-Language": "en"}
    headers["X-Forwarded-For"] = f"10.9.{next(_address)}.1"
    form = {**token_of(page), name: code}
    return page.request.post(there, form=form, headers=headers).text()


def _armed(place: Place, email: str) -> tuple[str, Page]:
    """The secret of the account's app, and its owner's browser."""
    page = place.stranger()
    log_in(page, member(place, email))
    return set_up_app(page), page


def _letters(place: Place, email: str) -> list[str]:
    said = [str(letter["Subject"]) for letter in place.mail.to(email)]
    return [subject for subject in said if "second factor failed" in subject]


def test_who_knows_the_password_guesses_no_code_from_wherever(place: Place) -> None:
    email = "many@grandcahors.example"
    secret, owner = _armed(place, email)
    thief = place.stranger()
    log_in(thief, email)
    there = "/account/2fa/authenticate/"
    for number in range(_MOST):  # as long as a recovery code, too
        said = _tried(thief, there, "000000" if number % 2 else "00000000")
        assert "This code is wrong" in said
    assert _letters(place, email) == []
    for _try in range(3):  # the right one, too late
        assert _NO_MORE in _tried(thief, there, next_code(secret))
    letter = place.mail.newest(email, 2)  # after the app's
    assert "choose a new password at once" in letter.get_content()
    assert len(_letters(place, email)) == 1

    # nor where it is asked for again, of a session that is open
    owner.goto("/account/2fa/reauthenticate/")
    assert _NO_MORE in _tried(owner, "/account/2fa/reauthenticate/", "000000")
    owner.goto("/stations")
    is_at(owner, "/stations")


def test_an_open_session_guesses_no_code(place: Place) -> None:
    email = "opened@grandcahors.example"
    secret, owner = _armed(place, email)
    there = "/account/2fa/reauthenticate/"
    owner.goto(there)
    said = [_tried(owner, there, "000000") for _try in range(5)]
    assert all("This code is wrong" in one for one in said)
    thief = place.stranger()
    log_in(thief, email)
    for _try in range(_MOST - 5):
        assert "This code is wrong" in _tried(thief, "/account/2fa/authenticate/", "000000")
    assert _NO_MORE in _tried(owner, there, next_code(secret))


def test_a_right_code_is_no_guess_and_a_stranger_counts_for_nobody(place: Place) -> None:
    email = "owner@grandcahors.example"
    _secret, owner = _armed(place, email)
    codes = owner.locator("#codes li").all_text_contents()
    stranger = place.stranger()
    log_in(stranger, email, "wrong")
    for _try in range(_MOST + 5):
        _tried(stranger, "/account/2fa/authenticate/", "000000")
    for code in codes[:2]:
        page = place.stranger()
        log_in(page, email)
        for _try in range(_MOST - 1):
            _tried(page, "/account/2fa/authenticate/", "000000")
        page.get_by_label("Code").fill(code)
        page.get_by_role("button", name="Log in").click()
        is_at(page, "/")
    assert _letters(place, email) == []


def test_keys_are_counted_by_themselves(place: Place) -> None:
    """None can be guessed: who is kept out by somebody else's codes comes in with a key."""
    email = "keys@grandcahors.example"
    secret, _owner = _armed(place, email)
    page = place.stranger()
    log_in(page, email)
    there = "/account/2fa/authenticate/"
    for _try in range(_MOST):
        assert _NO_MORE not in _tried(page, there, _NO_KEY, "credential")
    assert _NO_MORE in _tried(page, there, _NO_KEY, "credential")
    page.get_by_label("Code").fill(next_code(secret))
    page.get_by_role("button", name="Log in").click()
    is_at(page, "/")
