"""The power fails anywhere: the next start ends where an undisturbed one does. Real tools, a real
root, SIGKILL."""

from __future__ import annotations

import contextlib
import os
import random
import subprocess
import time
from pathlib import Path

import pytest

from first_start import scratch
from reprise_first_start import account
from reprise_first_start.files import Root

JSON = "var/lib/reprise/first-start.json"
USER, HASH = "zoe", "$y$j9T$F5Jx5fExrKuPp53xLKQ..1$X3DX6M94c7o.9agCG9G317fhZg9SqC.5i5rd.RhAtQ7"
ACCEPTED = (
    '{"format": 1, "replaces": ["before"], "accepted": {"language": "fr", "keyboard": "ch", '
    '"timezone": "Indian/Reunion", "full_name": "Zoé Lefèvre", "user": "zoe", '
    f'"computer": "pc-zoe", "password_hash": "{HASH}", "ask_password": false}}}}'
)
STEPS = ("names", "language", "keyboard", "timezone", "own", "earlier", "account", "groups", "home",
         "password", "login", "drive", "welcome", "now", "finish")  # fmt: skip
CUT = str(Path(__file__).with_name("cut.py"))
WHY = scratch.missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "-")


# Mount points and what a start empties; caches; keys, which are new each time.
NOT_COMPARED = (
    "dev/",
    "proc/",
    "sys/",
    "run/",
    "tmp/",
    "var/cache/",
    "etc/ssh/",
    "etc/ssl/",
    "etc/nvme/",
)


def state(system: scratch.Scratch) -> dict[str, object]:
    """All that was changed, but for the tools' own copies of what was before."""
    found: dict[str, object] = {}
    for path in sorted(system.upper.rglob("*")):
        name = str(path.relative_to(system.upper))
        if name.startswith(NOT_COMPARED) or name.endswith(("-", ".lock")):
            continue
        about = path.lstat()
        what: object = path.readlink() if path.is_symlink() else None
        if path.is_file() and not path.is_symlink():
            what = path.read_bytes()
        found[name] = (about.st_mode, about.st_uid, about.st_gid, what)
    return found


def begin(system: scratch.Scratch) -> None:
    """An earlier try made a user of another name, and was cut there."""
    system.inside("useradd", "--create-home", "--groups", "sudo", "before")
    system.write(JSON, ACCEPTED, 0o600)


def resume(system: scratch.Scratch) -> None:
    done = system.run(scratch.module("--resume", "--root", str(system.merged)))
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def begun(image: scratch.Scratch, tmp_path_factory: pytest.TempPathFactory) -> scratch.Scratch:
    system = scratch.Scratch(tmp_path_factory.mktemp("begun") / "system", image)
    begin(system)
    return system


@pytest.fixture(scope="module")
def whole(begun: scratch.Scratch, tmp_path_factory: pytest.TempPathFactory) -> dict[str, object]:
    """What one run without a cut comes to, looked at closely once."""
    system = scratch.Scratch(tmp_path_factory.mktemp("whole") / "system", begun)
    resume(system)
    upper = system.upper
    shadow = (upper / "etc/shadow").read_text("utf-8")
    assert f"\n{USER}:{HASH}:" in shadow
    passwd = (upper / "etc/passwd").read_text("utf-8")
    assert f"\n{USER}:x:1000:1000:Zoé Lefèvre:/home/{USER}:/bin/bash\n" in passwd
    everything = [(upper / f"etc/{table}").read_text() for table in ("passwd", "group", "gshadow")]
    assert not any("before" in text for text in everything)
    home = upper / "home" / USER
    assert (home.stat().st_uid, home.stat().st_mode & 0o777) == (1000, 0o700)
    assert (home / ".bashrc").stat().st_uid == 1000
    assert [one.name for one in (upper / "home").iterdir()] == [USER]
    assert not (upper / JSON).exists()
    assert (upper / "var/lib/reprise/welcome/index.html").stat().st_mode & 0o777 == 0o644
    return state(system)


@pytest.mark.parametrize("cut", range(len(STEPS)), ids=STEPS)
def test_before_each_step(
    begun: scratch.Scratch, whole: dict[str, object], tmp_path: Path, cut: int
) -> None:
    system = scratch.Scratch(tmp_path / "system", begun)
    killed = system.run([scratch.PYTHON, CUT, str(system.merged), str(cut)])
    assert killed.returncode in (-9, 137), killed.stderr
    assert (system.upper / JSON).exists()  # nobody can log in yet: the first start comes again
    resume(system)
    assert state(system) == whole


def test_the_steps_are_these() -> None:
    found = subprocess.run(
        [scratch.PYTHON, "-c", _STEPS], env={"PYTHONPATH": str(scratch.APP)}, capture_output=True,
        text=True, check=True,
    )  # fmt: skip
    assert tuple(found.stdout.split()) == STEPS


_STEPS = """
from pathlib import Path
from reprise_first_start.answers import Answers
from reprise_first_start.apply import Applier
from reprise_first_start.contract import Contract
from reprise_first_start.files import Root
one = Answers(language="fr", keyboard="fr", timezone="Europe/Paris", full_name="Z", user="z",
              computer="pc", password_hash="$y$")
print(*(step.name for step in Applier(Root(Path("/nowhere")), Contract(accepted=one)).steps))
"""


@pytest.mark.parametrize("seed", range(4))
def test_in_the_middle_of_anything(
    begun: scratch.Scratch, whole: dict[str, object], tmp_path: Path, seed: int
) -> None:
    """At any moment, the tools that are running die with it; three times in a row."""
    system, chance = scratch.Scratch(tmp_path / "system", begun), random.Random(seed)  # noqa: S311
    for _try in range(3):
        process = subprocess.Popen(
            system.argv([*scratch.module("--resume", "--root", str(system.merged))]),
            env=system.environment(), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip
        time.sleep(chance.uniform(0.15, 2.5))
        _kill_all(process)
    if (system.upper / JSON).exists():
        resume(system)
    assert state(system) == whole


def _kill_all(process: subprocess.Popen[bytes]) -> None:
    """The process and all that it started, at once."""
    pids, at = [process.pid], 0
    while at < len(pids):
        children = Path(f"/proc/{pids[at]}/task/{pids[at]}/children")
        with contextlib.suppress(OSError):
            pids += [int(one) for one in children.read_text().split()]
        at += 1
    if process.poll() is None:
        subprocess.run(["kill", "-KILL", *map(str, pids)], stderr=subprocess.DEVNULL, check=False)
    process.wait(10)
    while any(Path(f"/proc/{pid}/exe").exists() for pid in pids):
        time.sleep(0.02)


def test_a_table_keeps_its_group_from_its_first_moment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The power fails once the new shadow has its name: with root's group, unix_chkpwd could not
    read it any more, and nobody would put that right."""
    shadow = tmp_path / "etc/shadow"
    shadow.parent.mkdir()
    shadow.write_text("root:*:1::::::\nzoe:!:1::::::\n")
    os.chown(shadow, 0, 42)
    shadow.chmod(0o640)

    class PowerCut(BaseException):
        """Nothing runs after it."""

    def cut(_folder: Path) -> None:
        raise PowerCut

    monkeypatch.setattr("reprise_first_start.files._sync_folder", cut)
    with pytest.raises(PowerCut):
        account.remove(Root(tmp_path), "zoe")
    about = shadow.stat()
    assert shadow.read_text() == "root:*:1::::::\n"
    assert (about.st_uid, about.st_gid, about.st_mode & 0o777) == (0, 42, 0o640)


HALF = {
    "passwd alone": {"passwd": "zoe:x:1000:1000::/home/zoe:/bin/bash"},
    "passwd and shadow": {
        "passwd": "zoe:x:1000:1000::/home/zoe:/bin/bash",
        "shadow": "zoe:!:20000:0:99999:7:::",
    },
    "all but the sub-ids": {
        "passwd": "zoe:x:1000:1000::/home/zoe:/bin/bash",
        "shadow": "zoe:!:20000:0:99999:7:::",
        "group": "zoe:x:1000:",
        "gshadow": "zoe:!::",
    },
    "a group alone": {"group": "zoe:x:1000:", "gshadow": "zoe:!::"},
    "locks of the dead": {"passwd.lock": "4194200", "group.lock": "1", "shadow.lock": ""},
}


@pytest.mark.parametrize("half", HALF.values(), ids=HALF)
def test_what_useradd_can_leave(
    begun: scratch.Scratch, whole: dict[str, object], tmp_path: Path, half: dict[str, str]
) -> None:
    system = scratch.Scratch(tmp_path / "system", begun)
    for table, line in half.items():
        path = system.upper / "etc" / table
        before = path.read_text("utf-8") if path.exists() else ""
        kept = "".join(one for one in before.splitlines(True) if not one.startswith("before:"))
        path.write_text(kept + line + ("\n" if ":" in line else ""), encoding="utf-8")
    resume(system)
    assert state(system) == whole
