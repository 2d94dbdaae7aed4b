"""Wi-Fi in plain lines: a password is typed where it is not shown, and as often as it takes."""

from __future__ import annotations

import os
from threading import Event as Flag
from threading import Thread

import pytest

from reprise.adapters.demo.network import PASSWORD, PlayedNetwork
from reprise.line_interface.terminal import Typed
from reprise.ports.sheets.network import JoinResult
from reprise_common.network import AccessPoint, Joined, JoinRequest, Security
from station_kit.listener import Listener
from workflow.test_linear_alone import typed_keys
from workflow.test_linear_keys import in_the_sheet
from workflow.test_linear_sheets import CARDS

END_OF_INPUT = b"\x04"  # Ctrl+D


class Heard(PlayedNetwork):
    """Remembers what it was asked to join."""

    def __init__(self) -> None:
        super().__init__(CARDS, down=False, pause_s=0.0)
        self.asked: list[JoinRequest] = []

    def access_points(self, *, rescan: bool) -> tuple[AccessPoint, ...]:
        old = AccessPoint(ssid="Vieux", signal=20, security=Security.WEP)
        return (*super().access_points(rescan=rescan), old)

    def join(self, request: JoinRequest) -> JoinResult:
        self.asked.append(request)
        return super().join(request)


def at_the_wifi(ear: Listener, number: str) -> None:
    ear.answers("W : réseaux Wi-Fi", "w")
    ear.hears("4. réseau masqué")
    ear.answers("Entrée : retour", number)


def test_a_password_that_was_not_typed_joins_nothing() -> None:
    heard = Heard()
    with in_the_sheet("F6", heard) as ear:
        at_the_wifi(ear, "1")
        ear.answers("Mot de passe", "?")
        ear.hears("Entrée seule : retour")
        ear.answers("Mot de passe", "l")
        ear.answers("Password", "l")
        ear.answers("Mot de passe", "")
        ear.hears("W : réseaux Wi-Fi")
        assert not heard.asked
        ear.heard -= len("W : réseaux Wi-Fi")
        at_the_wifi(ear, "4")
        ear.answers("Nom du réseau :", "Foyer")
        ear.answers("Mot de passe", "")
        ear.hears("W : réseaux Wi-Fi")
        assert not heard.asked
        ear.heard -= len("W : réseaux Wi-Fi")
        at_the_wifi(ear, "4")
        ear.answers("Nom du réseau :", "Foyer")
        ear.answers("un trait d'union seul", "-")
        ear.hears("hors de portée", "W : réseaux Wi-Fi")
    assert heard.asked == [JoinRequest("Foyer", "", hidden=True)]


def test_a_hidden_answer_leaves_no_question_on_the_line_of_the_next() -> None:
    """The terminal does not show its Enter either."""
    with in_the_sheet("F6", Heard()) as ear:
        at_the_wifi(ear, "1")
        ear.hears("Mot de passe (il n'est pas affiché). Entrée : retour. ")
        ear.inbox.put(Typed("?"))  # no echo
        ear.hears("\nLes majuscules", "\nMot de passe (il n'est pas affiché). Entrée : retour. ")
        ear.inbox.put(Typed(""))
        ear.hears("\nW : réseaux Wi-Fi")


def test_a_wep_network_is_told_how_long_its_password_is() -> None:
    with in_the_sheet("F6", Heard()) as ear:
        at_the_wifi(ear, "3")
        ear.answers("Mot de passe", "too short")
        ear.hears("5 ou 13 caractères", "Mot de passe")
        ear.types("short")
        ear.hears("hors de portée", "W : réseaux Wi-Fi")


@pytest.mark.parametrize(
    ("network", "wrong"), [("1", "not the password"), ("1", "short"), ("4", "not the password")]
)
def test_a_password_that_is_typed_again_is_not_shown_either(network: str, wrong: str) -> None:
    heard = Heard()
    with in_the_sheet("F6", heard) as ear:
        at_the_wifi(ear, network)
        if network == "4":
            ear.answers("Nom du réseau :", "Cyber-base")
        ear.hears("Mot de passe (il n'est pas affiché)")
        assert ear.unseen
        ear.types(wrong)
        said = ear.hears("Connexion à", "Mot de passe (il n'est pas affiché)")
        assert "W : réseaux Wi-Fi" not in said
        assert ear.unseen
        ear.types(PASSWORD)
        ear.hears("connecté", "W : réseaux Wi-Fi")
        assert not ear.unseen
    assert [one.password for one in heard.asked] == [wrong, PASSWORD]


def test_what_is_typed_while_a_password_is_tried_is_not_shown_and_answers_nothing() -> None:
    """An impatient Enter would lead back to the sheet's question, where the next one shows."""
    typed = Flag()

    class Slow(Heard):
        def join(self, request: JoinRequest) -> JoinResult:
            assert typed.wait(20)
            return super().join(request)

    heard = Slow()
    with in_the_sheet("F6", heard) as ear:
        at_the_wifi(ear, "1")
        ear.answers("Mot de passe (il", "not the password")
        ear.hears("Connexion à")
        assert ear.unseen
        ear.inbox.put(Typed(""))
        typed.set()
        said = ear.hears("Mot de passe (il n'est pas affiché)")
        assert "W : réseaux Wi-Fi" not in said
        ear.types(PASSWORD)
        said = ear.hears("connecté", "W : réseaux Wi-Fi")
        assert "Mot de passe" not in said
    assert [one.password for one in heard.asked] == ["not the password", PASSWORD]


def test_enter_leads_back_from_a_password_that_was_refused() -> None:
    heard = Heard()
    with in_the_sheet("F6", heard) as ear:
        at_the_wifi(ear, "1")
        ear.answers("Mot de passe", "not the password")
        ear.answers("Mot de passe (il", "")
        ear.hears("W : réseaux Wi-Fi")
    assert len(heard.asked) == 1


@pytest.mark.parametrize("network", ["1", "4"])
@pytest.mark.parametrize(
    "code", [Joined.REFUSED, Joined.TIMEOUT, Joined.FAILED, Joined.KEY_UNCHECKED]
)
def test_a_password_that_may_be_why_is_asked_for_again_unseen(code: Joined, network: str) -> None:
    """NetworkManager does not always know that it was the password: "check it" is said, too."""

    class Undecided(Heard):
        def join(self, request: JoinRequest) -> JoinResult:
            return super().join(request) if self.asked else self.first(request)

        def first(self, request: JoinRequest) -> JoinResult:
            self.asked.append(request)
            return JoinResult(code)

    heard = Undecided()
    with in_the_sheet("F6", heard) as ear:
        at_the_wifi(ear, network)
        if network == "4":
            ear.answers("Nom du réseau :", "Cyber-base")
        ear.answers("Mot de passe (il", "not the password")
        said = ear.hears("Connexion à", "Mot de passe (il n'est pas affiché)")
        assert "W : réseaux Wi-Fi" not in said
        assert ear.unseen
        ear.types(PASSWORD)
        ear.hears("connecté", "W : réseaux Wi-Fi")
        assert not ear.unseen
    assert [one.password for one in heard.asked] == ["not the password", PASSWORD]


def test_what_was_begun_unseen_is_no_part_of_the_next_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """On a real terminal: it keeps a line until its Enter, which comes when all is seen again."""
    with typed_keys(monkeypatch) as (keys, hand):
        with in_the_sheet("F6", Heard(), keys) as ear:
            reader = Thread(target=ear.inbox.read, args=(keys.lines(),), daemon=True)
            reader.start()
            at_the_wifi(ear, "1")
            ear.hears("Mot de passe (il n'est pas affiché)")
            os.write(hand, b"\nsecret")
            ear.hears("W : réseaux Wi-Fi")
            os.write(hand, b"\n")
            assert "Réponses possibles" not in ear.hears("Retour.")
        os.write(hand, END_OF_INPUT)
        reader.join(20)
        assert b"secret" not in os.read(hand, 4096), "shown"
