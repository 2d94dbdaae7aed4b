"""The first start's own judgement: names, passwords, places, and the file between it and the
installer."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reprise_common.keyboard_layouts import ORDER
from reprise_first_start import contract, keyboards, names, passwords, places, qr
from reprise_first_start.answers import Answers, Draft
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root
from reprise_first_start.passwords import Strength

pytestmark = pytest.mark.processes

TAKEN = frozenset({"root", "games", "marie"})
ANSWERS = Answers(
    language="fr", keyboard="fr-bepo", timezone="Indian/Reunion", full_name="Zoé Lefèvre",
    user="zoe", computer="pc-zoe", password_hash="$y$j9T$salt$hash", ask_password=False,
)  # fmt: skip


@pytest.mark.parametrize(
    ("full_name", "user"),
    [
        ("Éloïse Œuvrard", "eloise"),
        ("Jean-Luc d'Arc", "jeanluc"),
        ("Mme Lefèvre", "lefevre"),
        ("Association Les Amis du Lac", "amis"),
        ("Marie Curie", "marie2"),
        ("Les", "les"),
        ("Straße 7", "strasse"),
        ("42", ""),
        ("李雷", ""),
        ("", ""),
        ("Root", "root2"),
        ("Maximilienne-Alexandrine X", "maximiliennealex"),
    ],
)
def test_a_user_name_is_proposed(full_name: str, user: str) -> None:
    assert names.propose_user(full_name, TAKEN) == user


@given(st.text(max_size=60))
def test_every_proposal_can_be_used(full_name: str) -> None:
    user = names.propose_user(full_name, TAKEN)
    computer = names.propose_computer(user)
    assert user == "" or (names.is_user(user) and user not in TAKEN)
    assert computer == "" or names.is_computer(computer)
    clean = names.clean_full_name(full_name)
    assert not set(clean) & set(":,\n\\=") and clean == names.clean_full_name(clean)


@pytest.mark.parametrize("bad", ["", "Zoé", "zoe x", "1zoe", "a" * 33, "zo:e", "-a", "root"])
def test_names_that_no_system_takes(bad: str) -> None:
    with pytest.raises(FirstStartError) as told:
        names.check_user(bad, frozenset())
    assert told.value.what and told.value.what_to_do


@pytest.mark.parametrize("bad", ["", "PC", "pc_1", "-pc", "pc-", "a" * 16, "localhost", "été"])
def test_computer_names_that_no_network_takes(bad: str) -> None:
    with pytest.raises(FirstStartError):
        names.check_computer(bad)


def test_what_was_typed_stays_when_the_name_changes() -> None:
    draft = Draft(language="fr", keyboard="fr", timezone="Europe/Paris", full_name="Zoé")
    draft.propose(TAKEN)
    assert (draft.user, draft.computer) == ("zoe", "pc-zoe")
    draft.user, draft.user_typed = "zozo", True
    draft.full_name = "Zoé L."
    draft.propose(TAKEN)
    assert (draft.user, draft.computer) == ("zozo", "pc-zozo")


def test_a_password_typed_on_other_keys_is_asked_for_again() -> None:
    draft = Draft(language="fr", keyboard="us", timezone="Europe/Paris")
    draft.password = draft.repeated = "girafe"
    draft.type_on("us")
    assert (draft.password, draft.repeated) == ("girafe", "girafe")
    draft.type_on("fr")
    assert (draft.keyboard, draft.password, draft.repeated) == ("fr", "", "")


@pytest.mark.parametrize(
    ("password", "found"),
    [
        ("", Strength.EMPTY),
        ("court", Strength.SHORT),
        ("azertyuiop", Strength.GUESSED),
        ("poiuytreza", Strength.GUESSED),
        ("12345678", Strength.GUESSED),
        ("aaaaaaaaaaaa", Strength.GUESSED),
        ("abababababab", Strength.GUESSED),
        ("Motdepasse1", Strength.GUESSED),
        ("zoe lefevre", Strength.GUESSED),
        ("Lefèvre2026", Strength.GUESSED),
        ("tr0ubadour", Strength.FAIR),
        ("girafe vélo nuage", Strength.GOOD),
        ("motdepasse girafe vélo", Strength.GOOD),
    ],
)
def test_how_good_a_password_is(password: str, found: Strength) -> None:
    assert passwords.strength(password, ("Zoé Lefèvre", "zoe", "pc-zoe")) is found


@pytest.mark.parametrize(
    ("password", "again"),
    [("court", "court"), ("girafe vélo", "girafe velo"), ("girafe\tvélo", "girafe\tvélo"),
     ("é" * 200, "é" * 200), ("motdepasse", "motdepasse")],
)  # fmt: skip
def test_passwords_that_are_refused(password: str, again: str) -> None:
    with pytest.raises(FirstStartError) as told:
        passwords.check(password, again)
    assert told.value.what_to_do


def test_the_hash_is_what_the_system_checks() -> None:
    """Another program agrees: Perl's crypt is libcrypt by another way."""
    made = passwords.hashed("girafe vélo nuage")
    said = subprocess.run(
        ["perl", "-e", "print crypt($ARGV[0], $ARGV[1])", "girafe vélo nuage", made],
        capture_output=True, text=True, check=True,
    ).stdout  # fmt: skip
    assert said == made and made.startswith("$y$")
    assert passwords.hashed("girafe vélo nuage") != made  # its own salt


def test_france_comes_first_and_nothing_is_lost() -> None:
    found = places.places()
    zones = [one.zone for one in found]
    assert zones[0] == "Europe/Paris"
    assert [one.zone for one in found if one.region == "France"] == list(places.FRANCE)
    assert sorted(zones) == sorted(set(zones)) and set(places._codes(places.ZONES)) <= set(zones)
    assert len(zones) > 300


def test_every_french_territory_is_among_them() -> None:
    """zone.tab by the country codes of France's territories but for the Southern Lands (TF)."""
    codes = {"FR", "GP", "MQ", "GF", "RE", "YT", "PM", "BL", "MF", "NC", "WF", "PF"}
    lines = (places.ZONES / "zone.tab").read_text("utf-8").splitlines()
    rows = [line.split("\t") for line in lines if not line.startswith("#")]
    assert {row[2] for row in rows if row[0] in codes} == set(places.FRANCE)


@pytest.mark.parametrize("zone", ["", "Nowhere/Land", "../../etc/passwd", "/etc/passwd", "Europe"])
def test_an_unknown_zone_is_paris(zone: str) -> None:
    assert places.known_zone(zone) == "Europe/Paris"


def test_the_layouts_are_the_stations() -> None:
    assert tuple(keyboards.TITLES) == ORDER
    assert 'XKBLAYOUT="ch"\nXKBVARIANT="fr"' in keyboards.default_file("ch")
    assert keyboards.known("xx-yy") == "fr"


# the file


def _write(folder: Path, text: str) -> Root:
    root = Root(folder)
    root.write(contract.FILE, text, mode=0o600)
    return root


@pytest.mark.parametrize("text", ["", "{", "[]", "null", "3", '{"language": 3, "computer": []}'])
def test_a_broken_file_means_defaults(tmp_path: Path, text: str) -> None:
    found = contract.load(_write(tmp_path, text))
    assert (found.language, found.keyboard, found.timezone) == ("fr", "fr", "Europe/Paris")
    assert (found.model, found.accepted, found.replaces) == ("", None, ())


def test_no_file_means_defaults_and_can_be_accepted(tmp_path: Path) -> None:
    root = Root(tmp_path)
    found = contract.accept(root, contract.load(root), ANSWERS)
    assert found.accepted == ANSWERS
    contract.finish(root)
    contract.finish(root)  # twice is no error
    assert not (tmp_path / contract.FILE).exists()


def test_it_is_over_when_the_file_is_gone_and_somebody_has_a_home(tmp_path: Path) -> None:
    root = Root(tmp_path)
    assert not contract.is_over(root)
    (tmp_path / "home").mkdir()
    assert not contract.is_over(root)  # lost
    (tmp_path / "home/zoe").mkdir()
    assert contract.is_over(root)
    root.write(contract.FILE, "{ broken")
    assert not contract.is_over(root)


def test_what_the_installer_wrote_is_kept(tmp_path: Path) -> None:
    text = json.dumps({"format": 1, "organisation": "Cyber-base", "new": [1], "keyboard": "be",
                       "computer": {"model": "X230", "more": 1}})  # fmt: skip
    root = _write(tmp_path, text)
    found = contract.accept(root, contract.load(root), ANSWERS)
    assert (found.organisation, found.model, found.keyboard) == ("Cyber-base", "X230", "be")
    assert json.loads(root.read_text(contract.FILE))["new"] == [1]
    assert (tmp_path / contract.FILE).stat().st_mode & 0o777 == 0o600


def test_what_was_accepted_can_be_withdrawn_and_its_user_is_replaced(tmp_path: Path) -> None:
    root = Root(tmp_path)
    nothing = contract.load(root)
    assert contract.withdraw(root, nothing) is nothing
    found = contract.withdraw(root, contract.accept(root, nothing, ANSWERS))
    assert (found.accepted, found.replaces) == (None, (ANSWERS.user,))
    assert contract.load(root) == found
    again = contract.accept(root, found, ANSWERS)
    assert (again.accepted, again.replaces) == (ANSWERS, ())


def test_another_name_after_a_failure_replaces_the_first(tmp_path: Path) -> None:
    root = _write(tmp_path, "{}")
    first = contract.accept(root, contract.load(root), ANSWERS)
    other: dict[str, Any] = {**ANSWERS.to_json(), "user": "leo"}
    second = contract.accept(root, first, Answers(**other))
    assert second.replaces == ("zoe",)
    assert contract.accept(root, second, ANSWERS).replaces == ("leo",)


@pytest.mark.parametrize(
    "wrong",
    [{"user": "root:x"}, {"user": ""}, {"computer": "a b"}, {"password_hash": "plain"},
     {"password_hash": "$y$:0:0"}, {"full_name": "a\nb"}, {"timezone": 3}],
)  # fmt: skip
def test_answers_that_nobody_gave_are_not_carried_out(tmp_path: Path, wrong: Any) -> None:
    text = json.dumps({"accepted": {**ANSWERS.to_json(), **wrong}})
    assert contract.load(_write(tmp_path, text)).accepted is None


def test_a_write_replaces_a_link(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.write_text("mine")
    (tmp_path / "etc").mkdir()
    (tmp_path / "etc/hostname").symlink_to(outside)
    Root(tmp_path).write("etc/hostname", "pc\n")
    assert outside.read_text() == "mine" and not (tmp_path / "etc/hostname").is_symlink()


def test_a_qr_code_is_one_picture_without_a_script() -> None:
    made = qr.svg("https://reprise.exemple.fr/c/1")
    assert made.startswith("<svg") and made.endswith("</svg>") and "<script" not in made
