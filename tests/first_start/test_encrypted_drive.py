"""An encrypted drive becomes its owner's: real cryptsetup on a real LUKS2 volume (in a file), in a
system of its own. Only update-initramfs is played: that its result starts is tests/vm's matter."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from first_start import scratch, stage
from first_start.test_power_cut import ACCEPTED
from reprise_common import cryptsetup

JSON = "var/lib/reprise/first-start.json"
FIRST, OWNERS, OTHER = "f" * 64, "girafe velo 42 nuage", "bateau lune 17 rapide"
OTHERS_HASH = "$y$j9T$another$one"
VOLUME = "/var/lib/volume"
HOOK = "# what Debian ships\n#KEYFILE_PATTERN=\n"
WHY = scratch.missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "-")
# What the initramfs of this moment would find: the table, and the key where the hook's file says.
_INITRAMFS = """#!/bin/sh
[ "$*" = "-u -k all" ] || exit 9
. /etc/cryptsetup-initramfs/conf-hook
{ cat /etc/crypttab; [ -z "${KEYFILE_PATTERN:-}" ] || cat $KEYFILE_PATTERN; } >/boot/initrd.img-test
"""
_CUT = """
import os, signal, sys
from pathlib import Path
from reprise_first_start import drive
from reprise_first_start.files import Root
class Cut(Root):
    left = int(sys.argv[2])
    def _count(self):
        if self.left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        self.left -= 1
    def run(self, *words, **more):
        self._count()
        return super().run(*words, **more)
    def write(self, *words, **more):
        self._count()
        super().write(*words, **more)
    def remove(self, *words):
        self._count()
        super().remove(*words)
root = Cut(Path(sys.argv[1]))
"""
_CUT_HAND_OVER = _CUT + "drive.hand_over(root)"
# The person thought it over after a first try: the same answers, another password.
_CUT_DECIDE = (
    _CUT
    + """
from dataclasses import replace
from reprise_first_start import apply, contract
found = contract.load(root)
answers = replace(found.accepted, password_hash=sys.argv[3])
apply.decide(root, found, answers, sys.argv[4])
"""
)
_DO = """
import sys
from pathlib import Path
from reprise_first_start import drive
from reprise_first_start.errors import FirstStartError
from reprise_first_start.files import Root, ToolFailed
try:
    getattr(drive, sys.argv[2])(Root(Path(sys.argv[1])), *sys.argv[3:])
except (FirstStartError, ToolFailed) as error:
    sys.exit(str(error))
"""


def opens(system: scratch.Scratch, key: str) -> bool:
    """From outside, by any of its keys."""
    volume = system.upper / VOLUME.removeprefix("/")
    argv = ["cryptsetup", "open", "--test-passphrase", "--key-file", "-", str(volume)]
    return (
        subprocess.run(argv, input=key.encode(), capture_output=True, check=False).returncode == 0
    )


def slots(system: scratch.Scratch) -> frozenset[int]:
    """As `opens` without the two seconds that each try takes."""
    argv = cryptsetup.argv_header(str(system.upper / VOLUME.removeprefix("/")))
    done = subprocess.run(argv, capture_output=True, text=True, check=True)
    return cryptsetup.slots(done.stdout)


def do(system: scratch.Scratch, what: str, *words: str) -> subprocess.CompletedProcess[str]:
    return system.run([scratch.PYTHON, "-c", _DO, str(system.merged), what, *words])


def initramfs(system: scratch.Scratch) -> str:
    return (system.upper / "boot/initrd.img-test").read_text("utf-8")


@pytest.fixture(scope="module")
def locked(image: scratch.Scratch, tmp_path_factory: pytest.TempPathFactory) -> scratch.Scratch:
    """As adapters/install/locking.py leaves a system."""
    system = scratch.Scratch(tmp_path_factory.mktemp("locked") / "system", image)
    volume = system.upper / VOLUME.removeprefix("/")
    volume.parent.mkdir(parents=True, exist_ok=True)
    with volume.open("wb") as file:
        file.truncate(32 << 20)
    subprocess.run(
        cryptsetup.argv_format(str(volume), "11111111-2222-3333-4444-555555555555"),
        input=FIRST.encode(), check=True, capture_output=True,
    )  # fmt: skip
    system.write(cryptsetup.FIRST_KEY.removeprefix("/"), FIRST, 0o600)
    system.write(cryptsetup.CRYPTTAB, cryptsetup.crypttab(VOLUME, cryptsetup.FIRST_KEY))
    system.write(cryptsetup.FIRST_CONF, cryptsetup.FIRST_CONF_TEXT)
    system.write(cryptsetup.CONF_HOOK, HOOK + cryptsetup.CONF_HOOK_LINE)
    system.write("usr/sbin/update-initramfs", _INITRAMFS, 0o755)
    system.write("boot/initrd.img-test", "")
    system.inside("update-initramfs", "-u", "-k", "all")
    assert FIRST in initramfs(system)
    return system


@pytest.fixture(scope="module")
def given(locked: scratch.Scratch, tmp_path_factory: pytest.TempPathFactory) -> scratch.Scratch:
    """And the owner's password opens it, too."""
    system = scratch.Scratch(tmp_path_factory.mktemp("given") / "system", locked)
    done = do(system, "give", OWNERS)
    assert done.returncode == 0, done.stderr
    return system


@pytest.fixture
def mine(given: scratch.Scratch, tmp_path: Path) -> scratch.Scratch:
    return scratch.Scratch(tmp_path / "mine", given)


def _is_handed_over(system: scratch.Scratch) -> None:
    assert slots(system) == {cryptsetup.OWNER_SLOT}
    assert not (system.upper / cryptsetup.FIRST_KEY.removeprefix("/")).exists()
    assert initramfs(system) == cryptsetup.crypttab(VOLUME)
    asks = system.upper / cryptsetup.ASK  # without it, Debian's hook would leave the drive out
    assert asks.stat().st_mode & 0o777 == 0o755
    assert (system.upper / cryptsetup.CONF_HOOK).read_text("utf-8") == HOOK
    assert FIRST not in "".join(
        path.read_text("utf-8", "replace")
        for path in (system.upper / "etc").rglob("*")
        if path.is_file()
    )


def test_both_keys_open_it_until_the_owner_has_finished(given: scratch.Scratch) -> None:
    assert opens(given, OWNERS) and opens(given, FIRST)
    assert FIRST in initramfs(given)


def test_then_the_owners_alone(mine: scratch.Scratch) -> None:
    done = do(mine, "hand_over")
    assert done.returncode == 0, done.stderr
    _is_handed_over(mine)
    assert opens(mine, OWNERS) and not opens(mine, FIRST)
    assert do(mine, "hand_over").returncode == 0  # again: nothing to do
    _takes_no_other_password(mine)


def _takes_no_other_password(system: scratch.Scratch) -> None:
    """The account would have another one than the drive."""
    other = do(system, "give", OTHER)
    assert other.returncode == 1
    assert "déjà un mot de passe" in other.stderr
    assert do(system, "give", OWNERS).returncode == 0
    assert slots(system) == {cryptsetup.OWNER_SLOT}


def test_a_passphrase_of_whoever_installed_it_stays(
    locked: scratch.Scratch, tmp_path: Path
) -> None:
    system = scratch.Scratch(tmp_path / "system", locked)
    system.inside("rm", f"/{cryptsetup.FIRST_KEY.removeprefix('/')}")
    assert do(system, "give", OWNERS).returncode == 0
    assert slots(system) == {cryptsetup.FIRST_SLOT}


@pytest.mark.parametrize("cut", [0, 1, 3, 5])
def test_the_power_fails_while_another_password_is_given(mine: scratch.Scratch, cut: int) -> None:
    """What then finishes by itself has one password for the account and the drive."""
    mine.write(JSON, ACCEPTED, 0o600)
    argv = [scratch.PYTHON, "-c", _CUT_DECIDE, str(mine.merged), str(cut), OTHERS_HASH, OTHER]
    killed = mine.run(argv)
    assert killed.returncode in (-9, 137), killed.stderr
    accepted = json.loads((mine.upper / JSON).read_text("utf-8"))["accepted"]
    assert (accepted is None) == (cut > 0)
    assert accepted is None or opens(mine, OWNERS)
    assert FIRST in initramfs(mine) and cryptsetup.FIRST_SLOT in slots(mine)
    assert do(mine, "give", OTHER).returncode == 0  # the questions come again
    assert opens(mine, OTHER)


def test_a_password_that_was_thought_over_opens_nothing(mine: scratch.Scratch) -> None:
    assert do(mine, "give", OTHER).returncode == 0
    assert opens(mine, OTHER) and not opens(mine, OWNERS)


def test_without_an_owners_key_nothing_is_taken_away(
    locked: scratch.Scratch, tmp_path: Path
) -> None:
    system = scratch.Scratch(tmp_path / "system", locked)
    refused = do(system, "hand_over")
    assert refused.returncode == 1
    assert "no key of its owner" in refused.stderr
    assert slots(system) == {cryptsetup.FIRST_SLOT}
    assert cryptsetup.FIRST_KEY in (system.upper / cryptsetup.CRYPTTAB).read_text("utf-8")


def test_an_initramfs_that_cannot_be_made_leaves_the_first_key(mine: scratch.Scratch) -> None:
    mine.write("usr/sbin/update-initramfs", "#!/bin/sh\necho no room >&2\nexit 1\n", 0o755)
    refused = do(mine, "hand_over")
    assert refused.returncode == 1
    assert "no room" in refused.stderr
    assert slots(mine) == {cryptsetup.FIRST_SLOT, cryptsetup.OWNER_SLOT}
    assert FIRST in initramfs(mine)  # and the PC starts with it as before
    mine.write("usr/sbin/update-initramfs", _INITRAMFS, 0o755)
    assert do(mine, "hand_over").returncode == 0
    _is_handed_over(mine)


@pytest.mark.parametrize("cut", range(10))
def test_the_power_fails_before_anything(mine: scratch.Scratch, cut: int) -> None:
    """The PC starts again whatever was done: its initramfs has a key that opens the drive, or asks
    for one that the owner has."""
    killed = mine.run([scratch.PYTHON, "-c", _CUT_HAND_OVER, str(mine.merged), str(cut)])
    assert killed.returncode in (-9, 137), killed.stderr
    assert cryptsetup.OWNER_SLOT in slots(mine)
    if FIRST in initramfs(mine):
        assert cryptsetup.FIRST_SLOT in slots(mine)
    done = do(mine, "hand_over")
    assert done.returncode == 0, done.stderr
    _is_handed_over(mine)


def test_a_cut_right_before_the_end_asks_for_the_same_password(mine: scratch.Scratch) -> None:
    """The key's file alone is left: another password cannot be given any more."""
    killed = mine.run([scratch.PYTHON, "-c", _CUT_HAND_OVER, str(mine.merged), "9"])
    assert killed.returncode in (-9, 137), killed.stderr
    assert slots(mine) == {cryptsetup.OWNER_SLOT}
    _takes_no_other_password(mine)


def test_a_resumed_first_start_finishes_it(mine: scratch.Scratch) -> None:
    mine.write(JSON, ACCEPTED, 0o600)
    mine.inside("useradd", "--create-home", "before")
    done = mine.run(scratch.module("--resume", "--root", str(mine.merged)))
    assert done.returncode == 0, done.stderr
    _is_handed_over(mine)
    page = (mine.upper / "var/lib/reprise/welcome/index.html").read_text("utf-8")
    assert "Le disque est chiffré" in page and "The drive is encrypted" in page


@pytest.mark.skipif(bool(stage.missing()), reason=stage.missing() or "-")
def test_the_wizard_asks_for_a_password_that_opens_it(
    locked: scratch.Scratch, tmp_path: Path
) -> None:
    system = scratch.Scratch(tmp_path / "system", locked)
    system.write(JSON, stage.contract_text(), 0o600)
    with stage.play(system, tmp_path, "1024x600", "encrypted") as play:
        for name in ("start", "keyboard", "place", "name"):
            play.page(name)
            if name != "name":
                play.keys("Return")
        play.keys("text:Zoe", "Return")
        play.page("password")
        play.picture("password")
        for wrong in ("tr0ubadour", "girafe vélo nuage"):
            play.keys("ctrl+a", f"text:{wrong}", "Return")
            play.told("Ce mot de passe ne peut pas ouvrir le disque au démarrage de l’ordinateur.")
        play.picture("password-refused")
        play.keys("ctrl+a", f"text:{OWNERS}", "Tab", f"text:{OWNERS}")
        play.picture("password-good")
        play.keys("Return")
        play.page("summary")
        play.picture("summary")
        assert slots(system) == {cryptsetup.FIRST_SLOT}
        play.keys("Return")
        play.page("done", 120)  # Argon2id several times, beside the guests of another suite
        play.picture("done")
        play.keys("Return")
        assert play.wizard.wait(60) == 0
    _is_handed_over(system)
    assert opens(system, OWNERS)
    log_in = (system.upper / "etc/lightdm/lightdm.conf.d/60-first-start.conf").read_text("utf-8")
    assert "autologin-user=zoe\n" in log_in, "the drive has asked already"
    assert OWNERS not in json.dumps(play.lines())
