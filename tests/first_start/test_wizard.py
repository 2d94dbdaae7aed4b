"""The whole first start in French and in English, by the keyboard alone, on the real screen."""

import subprocess
from pathlib import Path

import pytest

from first_start import scratch, stage

JSON = "var/lib/reprise/first-start.json"
WHY = stage.missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "-")


def test_french_on_a_small_screen(fresh: scratch.Scratch, tmp_path: Path) -> None:
    """Every page, every refusal on the way, Back and forth: nothing typed is lost."""
    fresh.write(JSON, stage.contract_text(), 0o600)
    with stage.play(fresh, tmp_path, "1024x600", "fr-1024x600", wifi=True) as play:
        play.page("start")
        play.picture("start")
        play.keys("Return")
        play.page("keyboard")
        play.keys("Down")
        play.loads("fr(oss)")
        play.keys("Down", "Down")
        play.loads("be")
        play.keys("Tab", "text:é à ç @")
        play.picture("keyboard")
        play.keys("Return")
        play.page("wifi")
        _wifi(play)
        play.page("place")
        play.keys("Tab", "text:Atlantide")
        play.hears("0 places")
        play.picture("place-unknown")
        play.keys("ctrl+a", "text:Londres")
        play.hears("1 places")
        play.picture("place-abroad")
        play.keys("ctrl+a", "text:reunion")
        play.hears("1 places")
        play.picture("place")
        play.keys("Return")
        play.page("name")
        _names(play)
        play.page("password")
        _password(play)
        play.page("summary")
        play.picture("summary")
        for name in ("password", "name", "place"):
            play.keys("Escape")
            play.page(name)
        for name in ("name", "password", "summary"):
            play.keys("Return")
            play.page(name)
        assert (fresh.upper / JSON).read_text("utf-8") == stage.contract_text()  # nothing yet
        play.keys("Return")
        play.page("done")
        play.picture("done")
        assert not (fresh.upper / JSON).exists()
        play.keys("Return")
        assert play.wizard.wait(60) == 0
    _is_french_system(fresh)


def _wifi(play: stage.Stage) -> None:
    play.hears("3 networks")
    play.picture("wifi")
    play.keys("Tab", "text:court", "Return")
    play.told("Ce ne peut pas être le mot de passe de ce Wi-Fi\N{NO-BREAK SPACE}: "
              "il a trop ou trop peu de caractères.")  # fmt: skip
    play.keys("ctrl+a", "text:le mauvais mot", "Return")
    play.told("Le Wi-Fi a refusé ce mot de passe.")
    play.picture("wifi-refused")
    play.keys("ctrl+a", "text:le bon mot", "Return")


def _names(play: stage.Stage) -> None:
    play.keys("Return")
    play.told("Il manque votre nom.")
    play.picture("name-missing")
    play.keys("text:Zoé Lefèvre", "Tab", "ctrl+a", "text:Root", "Return")
    play.told("Ce nom d’utilisateur ne convient pas.")
    play.keys("ctrl+a", "text:games", "Return")
    play.told("Ce nom est déjà réservé au système.")
    play.picture("name-taken")
    play.keys("ctrl+a", "BackSpace", "shift+Tab", "End", "text:e", "BackSpace")  # proposed anew
    play.picture("name")
    play.keys("Return")


def _password(play: stage.Stage) -> None:
    play.picture("password")
    play.keys("text:court", "Return")
    play.told("Le mot de passe est trop court.")
    for wrong in ("azertyuiop", "Zoé 1234"):
        play.keys("ctrl+a", f"text:{wrong}", "Return")
        play.told("Ce mot de passe est trop facile à deviner.")
    play.picture("password-guessed")
    play.keys("ctrl+a", "text:girafe vélo 42 nuage", "Tab", "text:girafe velo", "Return")
    play.told("Les deux mots de passe ne sont pas les mêmes.")
    play.picture("password-different")
    play.keys("ctrl+a", "text:girafe vélo 42 nuage", "Tab", "space")
    play.picture("password-shown")
    play.keys("Return")


def _is_french_system(system: scratch.Scratch) -> None:
    passwd = system.inside("getent", "passwd", "zoe").strip().split(":")
    assert passwd[4] == "Zoé Lefèvre"
    assert int(passwd[2]) >= 1000
    groups = set(system.inside("id", "-nG", "zoe").split())
    assert {"sudo", "lpadmin", "scanner", "netdev", "plugdev", "audio", "video"} <= groups
    assert "dialout" not in groups
    assert system.inside("hostname", "--version")  # the root runs programs
    assert (system.upper / "etc/hostname").read_text() == "pc-zoe\n"
    assert "127.0.1.1 pc-zoe\n" in (system.upper / "etc/hosts").read_text()
    assert 'XKBLAYOUT="be"' in (system.upper / "etc/default/keyboard").read_text()
    assert "LANG=fr_FR.UTF-8" in system.inside("cat", "/etc/default/locale")
    assert (system.upper / "etc/localtime").readlink() == Path("/usr/share/zoneinfo/Indian/Reunion")
    assert not (system.upper / "etc/lightdm/lightdm.conf.d/60-first-start.conf").exists()
    page = (system.upper / "var/lib/reprise/welcome/index.html").read_text("utf-8")
    assert page.count("<svg") == 2 and "sans &lt;rendez-vous&gt;" in page
    wifi = list((system.upper / "etc/NetworkManager/system-connections").iterdir())
    assert [one.stat().st_mode & 0o777 for one in wifi] == [0o600]
    assert "id=Livebôx-6B4F\n" in wifi[0].read_text("utf-8")
    log_in = ["sh", "-c", 'printf "girafe vélo 42 nuage\\n" | su -c true zoe']
    system.inside("useradd", "--system", "--shell", "/bin/sh", "someone")
    system.inside("setpriv", "--reuid=someone", "--clear-groups", *log_in)


def test_english_without_a_question_at_the_start(fresh: scratch.Scratch, tmp_path: Path) -> None:
    """The file is broken, the language is changed, letters are large: it still comes to its end."""
    fresh.write(JSON, "{ broken", 0o600)
    with stage.play(fresh, tmp_path, "1280x800", "en-1280x800") as play:
        play.page("start")
        play.picture("start")
        play.keys("Down")
        play.page("start")
        play.keys("F6", "F7")
        play.page("start")
        play.page("start")
        play.picture("start-large-contrast")
        play.keys("Return")
        play.page("keyboard")
        play.picture("keyboard-large-contrast")
        play.keys("Return")
        play.page("place")  # no Wi-Fi here
        play.picture("place-large-contrast")
        play.keys("Return")
        play.page("name")
        play.keys("text:Association Les Amis du Lac")
        play.picture("name-large-contrast")
        play.keys("F6", "F7", "Return")
        play.page("password")
        play.keys(
            "text:bateau lune rapide", "Tab", "text:bateau lune rapide", "Tab", "Tab", "space"
        )
        play.picture("password")
        play.keys("Return")
        play.page("summary")
        play.picture("summary")
        play.keys("Return")
        play.page("done")
        play.picture("done")
        play.keys("Return")
        assert play.wizard.wait(60) == 0
    assert not (fresh.upper / JSON).exists()
    login = (fresh.upper / "etc/lightdm/lightdm.conf.d/60-first-start.conf").read_text()
    assert "autologin-user=amis\n" in login
    assert "LANG=en_US.UTF-8" in fresh.inside("cat", "/etc/default/locale")
    page = (fresh.upper / "var/lib/reprise/welcome/index.html").read_text("utf-8")
    assert '<html lang="en">' in page
    assert "No certificate is known here" in page


def test_wifi_that_is_joined_stays_so(fresh: scratch.Scratch, tmp_path: Path) -> None:
    """Nobody waits for a search; a second, wrong try loses nothing; Enter alone goes on."""
    fresh.write(JSON, stage.contract_text(), 0o600)
    (tmp_path / "slow").touch()
    with stage.play(fresh, tmp_path, "1024x600", "fr-wifi", wifi=True) as play:
        play.page("start")
        for name in ("keyboard", "wifi"):
            play.keys("Return")
            play.page(name)
        play.keys("alt+c")
        play.page("place")  # while it looks
        (tmp_path / "slow").unlink()
        play.keys("Escape")
        play.page("wifi")
        play.hears("3 networks")
        play.keys("Tab", "text:le bon mot", "Return")
        play.page("place")
        play.keys("Escape")
        play.page("wifi")
        play.keys("Tab", "text:le mauvais mot", "Return")
        play.told("Le Wi-Fi a refusé ce mot de passe.")
        play.picture("wifi-refused-again")
        play.keys("ctrl+a", "BackSpace", "shift+Tab", "Return")
        play.page("place")
    kept = fresh.upper / "etc/NetworkManager/system-connections"
    assert [r"psk=le\sbon\smot" in one.read_text() for one in kept.iterdir()] == [True]


def test_another_keyboard_asks_for_the_password_again(
    fresh: scratch.Scratch, tmp_path: Path
) -> None:
    """Typed blind on American keys, it would be another one on French keys."""
    fresh.write(JSON, stage.contract_text(keyboard="us"), 0o600)
    with stage.play(fresh, tmp_path, "1024x600", "fr-keyboard") as play:
        play.to_summary("Zoe")
        for name in ("password", "name", "place", "keyboard"):
            play.keys("Escape")
            play.page(name)
        play.loads("us")
        play.keys("Home")
        play.loads("fr")
        for name in ("place", "name", "password"):
            play.keys("Return")
            play.page(name)
        play.picture("password-emptied")
        play.keys("Return")
        play.told("Le mot de passe est trop court.")
        play.keys("text:bateau lune rapide", "Tab", "text:bateau lune rapide", "Return")
        play.page("summary")


def test_a_full_drive_is_said_and_tried_again(fresh: scratch.Scratch, tmp_path: Path) -> None:
    """/var cannot be written: the person reads so, goes back, comes again, and it works."""
    fresh.write("var/lib/reprise", "a file where a folder belongs")
    with stage.play(fresh, tmp_path, "1024x600", "fr-failed") as play:
        play.to_summary("Zoé")
        play.keys("Return")
        play.page("work")
        play.told("Rien ne peut être écrit sur le disque de cet ordinateur.")
        play.picture("failed")
        play.keys("Escape")
        play.page("summary")
        where = ["nsenter", f"--target={play.wizard.pid}", "--mount"]
        subprocess.run([*where, "rm", fresh.merged / "var/lib/reprise"], check=True)
        play.keys("Return")
        play.page("done")
