"""The letters of the console: the largest that leave room enough, and the other ones."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from build_scripts.image_scripts import ROOT, runs

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
    assert _loaded(runs("console", tmp_path, "", "font", stand_ins=_SETFONT + _STTY)) == [font]


@pytest.mark.parametrize(
    ("screen", "font"), [("1920,1080", "reprise16"), ("3840,2160", "reprise32")]
)
def test_small_letters_are_asked_for(tmp_path: Path, screen: str, font: str) -> None:
    _screen(tmp_path, screen)
    said = runs("console", tmp_path, "reprise.font=small", "font", stand_ins=_SETFONT + _STTY)
    assert _loaded(said) == [font]


def test_the_other_letters_stay_until_they_are_changed_again(tmp_path: Path) -> None:
    _screen(tmp_path, "1280,800")
    seen = [
        _loaded(runs("console", tmp_path, "", word, stand_ins=_SETFONT + _STTY))
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
        assert told in runs("console", tmp_path, "", *words, stand_ins=stand_ins).splitlines()
    assert told not in runs("console", tmp_path, "", "font", stand_ins=stand_ins)


def test_letters_that_the_kernel_refuses_give_way_to_smaller_ones(tmp_path: Path) -> None:
    """One before 6.3 takes none that are higher than 32."""
    _screen(tmp_path, "3840,2160")
    refuses = 'setfont() { echo "$@"; [ "$1" != -d ]; };'
    said = runs("console", tmp_path, "", "font", stand_ins=refuses + _STTY)
    assert _loaded(said)[-1] == "reprise32"


def test_letters_that_leave_too_little_room_give_way_to_smaller_ones(tmp_path: Path) -> None:
    """Two screens: what both show has the room of the smaller one."""
    _screen(tmp_path, "1920,1080")
    crowded = (
        'setfont() { echo "$@"; last=$3; }; '
        'stty() { case $last in *reprise32*) echo "24 80" ;; *) echo "27 91" ;; esac; };'
    )
    said = runs("console", tmp_path, "", "font", stand_ins=crowded)
    assert _loaded(said) == ["reprise32", "reprise28"]
