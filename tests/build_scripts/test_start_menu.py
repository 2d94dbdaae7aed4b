"""The start menu, and what its words switch on: units and scripts agree about them."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path
from typing import Literal

import pytest

from build_scripts.image_scripts import ROOT, runs
from reprise.settings import Settings, StationSettings, load_settings
from station_kit.places import TOP

STATION = TOP / "live-build" / "station"
UNITS = ROOT / "usr/lib/systemd/system"
MENU = (STATION / "bootloaders/grub-pc/grub.cfg").read_text()

ENTRIES: dict[str, tuple[str, str]] = {
    title: (key, body)
    for title, key, body in re.findall(
        r'^\s*menuentry "([^"]+)" --hotkey=(\w) \{\n(.*?)\n\s*\}$', MENU, re.M | re.S
    )
}
LINES = {
    title: shlex.split(found[1])
    for title, (_key, body) in ENTRIES.items()
    if (found := re.search(r"^\s*linux (.*)$", body, re.M))
}


def words(title: str) -> list[str]:
    return [word for word in LINES[title] if word.startswith("reprise.")]


def entry(key: str) -> str:
    return next(title for title, (hotkey, _body) in ENTRIES.items() if hotkey == key)


def test_every_entry_has_a_hotkey_of_its_own_that_grub_leaves_free() -> None:
    assert MENU.count("menuentry ") == len(ENTRIES)
    keys = [key for key, _body in ENTRIES.values()]
    assert len(set(keys)) == len(keys)
    assert not {"c", "e", "p"} & set(keys)


@pytest.mark.parametrize("title", LINES)
def test_no_word_of_an_entry_is_taken_for_a_broken_setting(title: str) -> None:
    found, problems = load_settings([], " ".join(LINES[title]))
    assert problems == ()
    language: Literal["fr", "en"] = "en" if "reprise.lang=en" in words(title) else "fr"
    assert found == Settings(station=StationSettings(language=language))


def test_an_unknown_word_is_still_told() -> None:
    _found, problems = load_settings([], "reprise.speach reprise.speech reprise.mode=linear")
    assert len(problems) == 1
    assert "speach" in str(problems[0])


def test_the_entries_for_blind_people_speak_write_braille_and_need_no_eyes() -> None:
    for key, language in (("b", "fr"), ("v", "en")):
        asked = words(entry(key))
        assert {"reprise.mode=linear", "reprise.speech", "reprise.braille"} <= set(asked)
        assert ("reprise.lang=en" in asked) == (language == "en")
        assert re.search(r"^\s+play ", ENTRIES[entry(key)][1], re.M), (
            "it is heard that it was chosen"
        )
    before, _menu = MENU.split("menuentry", 1)
    assert re.search(r"^insmod play\nplay ", before, re.M), "it is heard that the menu is there"


def _setting(unit: str, key: str) -> list[str]:
    text = (UNITS / f"reprise-{unit}.service").read_text()
    return re.findall(rf"^{key}=(.*)$", text, re.M)


@pytest.mark.parametrize("unit", ["speech", "braille", "serial"])
def test_what_an_entry_asks_for_starts_with_no_other(unit: str) -> None:
    assert _setting(unit, "ConditionKernelCommandLine") == [f"reprise.{unit}"]
    asking = [
        title for title in LINES if any(w.startswith(f"reprise.{unit}") for w in words(title))
    ]
    assert asking
    assert next(iter(LINES)) not in asking


def test_speech_stands_before_the_station_says_its_first_words() -> None:
    assert _setting("speech", "Before") == ["reprise-station.service"]


def test_no_service_of_the_entries_listens() -> None:
    (brltty,) = _setting("braille", "ExecStart")
    assert {"--no-api", "--braille-device=usb:"} <= set(brltty.split())
    masked = (TOP / "hooks/0400-quiet.hook.chroot").read_text()
    for unit in ("espeakup.service", "brltty.service", "polkit.service"):
        assert re.search(rf"^(mask |    ).*\b{re.escape(unit)}", masked, re.M), unit


def test_the_image_holds_what_the_entries_start() -> None:
    packages = (STATION / "package-lists/station.list.chroot").read_text().split()
    assert {"espeakup", "espeak-ng", "brltty", "alsa-utils"} <= set(packages)
    slim = (TOP / "hooks/0900-slim.hook.chroot").read_text()
    assert "! -name fr_dict ! -name en_dict" in slim


def _program(path: Path, says: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(f"#!/bin/sh\necho {says}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("where", "line", "options"),
    [
        ("console", "quiet", ""),
        ("console", "reprise.mode=linear reprise.speech", "--linear"),
        ("console", "reprise.serial=linear", ""),
        ("serial", "reprise.serial=linear", "--linear"),
        ("serial", "reprise.serial", "--linear"),
        ("serial", "reprise.serial=screen reprise.mode=linear", ""),
    ],
)
def test_the_station_comes_as_it_was_asked_for(
    tmp_path: Path, where: str, line: str, options: str
) -> None:
    _program(tmp_path / "usr/bin/reprise", '"$@"')
    *said, last = runs("station", tmp_path, line, where).splitlines()
    assert last == f"station run {options}".strip()
    assert bool(said) == (where == "console")


@pytest.mark.parametrize(("line", "words"), [("quiet", "démarre"), ("reprise.lang=en", "starting")])
def test_the_console_says_at_once_that_the_screen_comes(
    tmp_path: Path, line: str, words: str
) -> None:
    """In a place that the first screen writes over, and without a picture of it for plain lines."""
    _program(tmp_path / "usr/bin/reprise", "")
    screen = runs("station", tmp_path, line, "console")
    assert screen.startswith("\033[H\033[J\n  Reprise")
    assert words in screen
    plain = runs("station", tmp_path, f"reprise.mode=linear {line}", "console")
    assert words in plain
    assert "\033" not in plain


@pytest.mark.parametrize("title", LINES)
def test_every_entry_says_what_goes_on_before_the_kernel_is_read(title: str) -> None:
    said, _linux = ENTRIES[title][1].split("linux @KERNEL", 1)
    words = "Reprise is starting" if "reprise.lang=en" in LINES[title] else "Reprise démarre"
    assert f'echo "{words}' in said


FIRST_WORDS = (
    STATION / "includes.chroot_before_packages/etc/initramfs-tools/scripts/init-top/reprise"
)


@pytest.mark.parametrize(
    ("line", "said"),
    [("quiet", "Reprise démarre."), ("quiet reprise.lang=en", "Reprise is starting.")],
)
def test_the_initramfs_begins_with_words(tmp_path: Path, line: str, said: str) -> None:
    (tmp_path / "cmdline").write_text(line)
    script = FIRST_WORDS.read_text().replace("/proc/cmdline", f"{tmp_path}/cmdline")
    script = script.replace("/dev/console", f"{tmp_path}/console")
    subprocess.run(["/bin/sh", "-c", script], check=True)
    assert (tmp_path / "console").read_text().split("\n") == ["", f"  {said}", "", ""]
    asked = subprocess.run(
        ["/bin/sh", FIRST_WORDS, "prereqs"], check=True, capture_output=True, text=True
    )
    assert asked.stdout.strip() == ""


@pytest.mark.parametrize(
    ("line", "chosen", "voice"),
    [("", "", "fr"), ("reprise.lang=en", "", "en"), ("reprise.lang=en", "fr\n", "fr")],
)
def test_the_voice_speaks_the_stations_language_on_the_card_with_loudspeakers(
    tmp_path: Path, line: str, chosen: str, voice: str
) -> None:
    cards = {"card0/pcm3p": "HDMI 0", "card1/pcm0p": "ALC3227 Analog", "card2/pcm0p": "USB Audio"}
    for folder, name in cards.items():
        (tmp_path / "proc/asound" / folder).mkdir(parents=True)
        (tmp_path / "proc/asound" / folder / "info").write_text(f"card: 1\nid: {name}\n")
    if chosen:
        (tmp_path / "run/reprise").mkdir(parents=True)
        (tmp_path / "run/reprise/voice").write_text(chosen)
    _program(tmp_path / "usr/bin/espeakup", '"$ALSA_CARD" "$@"')
    stand_ins = "modprobe() { echo $1; }; alsactl() { :; }; amixer() { :; }"
    said = runs("speech", tmp_path, line, stand_ins=stand_ins)
    assert said == f"speakup_soft\n1 --default-voice={voice}"
