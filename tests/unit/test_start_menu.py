"""The start menu, and what its words switch on: units and scripts agree about them."""

from __future__ import annotations

import re
import shlex
import subprocess
from pathlib import Path

import pytest

from reprise.settings import Settings, StationSettings, load_settings

TOP = Path(__file__).parents[2]
STATION = TOP / "live-build" / "station"
ROOT = STATION / "includes.chroot"
UNITS = ROOT / "usr/lib/systemd/system"
MENU = (STATION / "bootloaders/grub-pc/grub.cfg").read_text()

ENTRIES = {
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
    language = "en" if "reprise.lang=en" in words(title) else "fr"
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


def _runs(script: str, tmp_path: Path, line: str, *argv: str, stand_ins: str = "") -> str:
    """What a script of the image does, with another root and stand-ins for its commands."""
    stand_ins = f"{_QUIET} {stand_ins}"
    text = (ROOT / "usr/lib/reprise" / script).read_text()
    (tmp_path / "proc").mkdir(exist_ok=True)
    (tmp_path / "proc/cmdline").write_text(f"boot=live {line}\n")
    for path in ("/proc/", "/run/", "/sys/", "/usr/"):
        text = text.replace(path, f"{tmp_path}{path}")
    done = subprocess.run(
        ["/bin/sh", "-c", f"{stand_ins}\n{text}", script, *argv],
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip().replace(str(tmp_path), "")


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
    *said, last = _runs("station", tmp_path, line, where).splitlines()
    assert last == f"station run {options}".strip()
    assert bool(said) == (where == "console")


@pytest.mark.parametrize(("line", "words"), [("quiet", "démarre"), ("reprise.lang=en", "starting")])
def test_the_console_says_at_once_that_the_screen_comes(
    tmp_path: Path, line: str, words: str
) -> None:
    """In a place that the first screen writes over, and without a picture of it for plain lines."""
    _program(tmp_path / "usr/bin/reprise", "")
    screen = _runs("station", tmp_path, line, "console")
    assert screen.startswith("\033[H\033[J\n  Reprise")
    assert words in screen
    plain = _runs("station", tmp_path, f"reprise.mode=linear {line}", "console")
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
    said = _runs("speech", tmp_path, line, stand_ins=stand_ins)
    assert said == f"speakup_soft\n1 --default-voice={voice}"


_QUIET = "systemctl() { :; };"
_STTY = 'stty() { echo "99 199"; };'  # rows and columns
_SETFONT = 'setfont() { echo "$@"; };'


def _screen(tmp_path: Path, size: str | None) -> None:
    (tmp_path / "sys/class/graphics/fb0").mkdir(parents=True)
    if size:
        (tmp_path / "sys/class/graphics/fb0/virtual_size").write_text(f"{size}\n")


def _loaded(said: str) -> list[str]:
    """The fonts, in the order in which they were tried; "-d" doubles one."""
    rows = re.findall(r"^(-d )?-C /dev/tty1 /usr/share/reprise/console/(\w+).psf.gz$", said, re.M)
    return [f"{twice}{name}" for twice, name in rows]


@pytest.mark.parametrize(
    ("screen", "font"),
    [
        (None, "reprise16"),  # text mode
        ("640,480", "reprise16"),
        ("800,600", "reprise20"),
        ("1024,600", "reprise24"),
        ("1024,768", "reprise24"),
        ("1280,720", "reprise28"),
        ("1366,768", "reprise28"),
        ("1280,800", "reprise32"),
        ("1280,1024", "reprise32"),
        ("1920,1080", "reprise32"),
        ("1920,1200", "-d reprise24"),
        ("2560,1440", "-d reprise28"),
        ("3840,2160", "-d reprise32"),
        ("7680,4320", "-d reprise32"),
    ],
)
def test_letters_are_the_largest_that_leave_80_by_25(
    tmp_path: Path, screen: str | None, font: str
) -> None:
    _screen(tmp_path, screen)
    assert _loaded(_runs("console", tmp_path, "", "font", stand_ins=_SETFONT + _STTY)) == [font]


@pytest.mark.parametrize(
    ("screen", "font"), [("1920,1080", "reprise16"), ("3840,2160", "reprise32")]
)
def test_small_letters_are_asked_for(tmp_path: Path, screen: str, font: str) -> None:
    _screen(tmp_path, screen)
    said = _runs("console", tmp_path, "reprise.font=small", "font", stand_ins=_SETFONT + _STTY)
    assert _loaded(said) == [font]


def test_the_other_letters_stay_until_they_are_changed_again(tmp_path: Path) -> None:
    _screen(tmp_path, "1280,800")
    seen = [
        _loaded(_runs("console", tmp_path, "", word, stand_ins=_SETFONT + _STTY))
        for word in ("font", "other", "font", "other", "font")
    ]
    assert seen == [["reprise32"], ["reprise16"], ["reprise16"], ["reprise32"], ["reprise32"]]


def test_the_station_draws_again_what_stands_there_in_another_font(tmp_path: Path) -> None:
    """Where a driver took the screen over, and on demand; at first there is no station yet."""
    _screen(tmp_path, "1280,800")
    stand_ins = f'{_SETFONT} {_STTY} systemctl() {{ echo "systemctl $*"; }};'
    told = "systemctl kill --kill-whom=main --signal=WINCH reprise-station.service"
    rule = (ROOT / "etc/udev/rules.d/90-reprise-console.rules").read_text()
    by_udev = re.findall(r'RUN\+="/usr/lib/reprise/console ([^"]+)"', rule)
    assert by_udev == ["font again"]
    for words in (by_udev[0].split(), ["other"]):
        assert told in _runs("console", tmp_path, "", *words, stand_ins=stand_ins).splitlines()
    assert told not in _runs("console", tmp_path, "", "font", stand_ins=stand_ins)


def test_letters_that_the_kernel_refuses_give_way_to_smaller_ones(tmp_path: Path) -> None:
    """One before 6.3 takes none that are higher than 32."""
    _screen(tmp_path, "3840,2160")
    refuses = 'setfont() { echo "$@"; [ "$1" != -d ]; };'
    said = _runs("console", tmp_path, "", "font", stand_ins=refuses + _STTY)
    assert _loaded(said)[-1] == "reprise32"


def test_letters_that_leave_too_little_room_give_way_to_smaller_ones(tmp_path: Path) -> None:
    """Two screens: what both show has the room of the smaller one."""
    _screen(tmp_path, "1920,1080")
    crowded = (
        'setfont() { echo "$@"; last=$3; }; '
        'stty() { case $last in *reprise32*) echo "24 80" ;; *) echo "27 91" ;; esac; };'
    )
    said = _runs("console", tmp_path, "", "font", stand_ins=crowded)
    assert _loaded(said) == ["reprise32", "reprise28"]
