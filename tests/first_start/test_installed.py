"""What install.sh puts into a system, run there as the unit runs it: script, X server, wizard. X is
Xvfb under the real one's name; systemd, LightDM and a graphics card are not here."""

import subprocess
from pathlib import Path

import pytest

from first_start import scratch, stage

JSON = "var/lib/reprise/first-start.json"
INSTALL = scratch.APP / "reprise_first_start/system/install.sh"
APART = ("--net", "--uts", "--ipc")  # the real hostname and display :0 are not ours
WHY = stage.missing()
pytestmark = pytest.mark.skipif(bool(WHY), reason=WHY or "-")


@pytest.fixture
def installed(fresh: scratch.Scratch) -> scratch.Scratch:
    done = fresh.run([str(INSTALL), str(fresh.merged)])
    assert done.returncode == 0, done.stderr
    fresh.write("run/reprise-first-start/.keep", "")
    fresh.write(JSON, stage.contract_text(), 0o600)
    return fresh


def start(system: scratch.Scratch, log: Path) -> subprocess.Popen[bytes]:
    """As the unit does."""
    run = ["chroot", str(system.merged), "/usr/lib/reprise-first-start/run"]
    with log.open("wb") as out:
        return subprocess.Popen(
            system.argv(run, *APART), env=system.environment(), stdout=out, stderr=out
        )


def test_the_unit_ends_when_the_pc_is_the_persons(
    installed: scratch.Scratch, tmp_path: Path
) -> None:
    x = '#!/bin/sh\nexec Xvfb "$1" -screen 0 1024x600x24 -nolisten tcp -noreset\n'
    installed.write("usr/bin/X", x, 0o755)
    log = tmp_path / "run.log"
    unit = start(installed, log)
    try:
        inside = ("nsenter", f"--target={unit.pid}", "--mount", "--net", "--uts")
        reach = (*inside, "chroot", str(installed.merged))
        play = stage.Stage(":0", log, unit, "installed", reach)
        play.to_summary("Zoe")
        play.keys("Return")
        play.page("done")
        named = subprocess.run([*inside, "hostname"], capture_output=True, text=True, check=True)
        assert named.stdout == "pc-zoe\n"
        assert unit.poll() is None  # the log-in screen still waits
        play.keys("Return")
        assert unit.wait(120) == 0
    finally:
        unit.kill()
        unit.wait(10)
    assert not (installed.upper / JSON).exists()
    assert "Zoe" in installed.inside("getent", "passwd", "zoe")
    once = installed.upper / "home/zoe/.config/autostart/reprise-welcome.desktop"
    assert once.stat().st_uid >= 1000
    assert (installed.upper / "usr/lib/reprise-first-start/welcome-once").exists()
    left = [one.name for one in (installed.upper / "root").rglob("*")]
    assert left == []  # nothing of the wizard stays with root


# An xinit that dies as X or the wizard may; "asked" counts how often questions would come.
DIES = """#!/bin/sh
echo >>/var/asked
[ "$(wc -l </var/asked)" = 1 ] || {{ : >"$2"; exit 0; }}
cp /var/accepted {json}
cd /usr/lib/reprise-first-start || exit 1
{work}
exit 1
"""
WORKED = "python3 -m reprise_first_start --resume"
CUT_OFF = "python3 /var/cut.py / 7"


@pytest.mark.parametrize("work", [WORKED, CUT_OFF, "rm /var/lib/reprise/first-start.json"],
                         ids=["after the work", "in its middle", "before it"])  # fmt: skip
def test_a_screen_that_dies(installed: scratch.Scratch, tmp_path: Path, work: str) -> None:
    """Nothing that was answered is asked again; what was not, is."""
    from first_start.test_power_cut import ACCEPTED, CUT

    installed.write("usr/bin/xinit", DIES.format(json=f"/{JSON}", work=work), 0o755)
    installed.write("var/accepted", ACCEPTED)
    installed.write("var/cut.py", Path(CUT).read_text("utf-8"))
    unit = start(installed, tmp_path / "run.log")
    try:
        assert unit.wait(120) == 0, (tmp_path / "run.log").read_text()
    finally:
        unit.kill()
        unit.wait(10)
    asked = len((installed.upper / "var/asked").read_text().splitlines())
    assert asked == (1 if "python3" in work else 2)
    if asked == 1:
        assert not (installed.upper / JSON).exists()
        assert installed.inside("id", "-un", "1000") == "zoe\n"


def test_what_was_accepted_needs_no_screen(installed: scratch.Scratch, tmp_path: Path) -> None:
    """The power failed after "Finish", and this time X does not start either."""
    from first_start.test_power_cut import ACCEPTED

    installed.write("usr/bin/X", "#!/bin/sh\nexit 1\n", 0o755)
    installed.write(JSON, ACCEPTED, 0o600)
    unit = start(installed, tmp_path / "run.log")
    try:
        assert unit.wait(120) == 0, (tmp_path / "run.log").read_text()
    finally:
        unit.kill()
        unit.wait(10)
    assert not (installed.upper / JSON).exists()
    assert installed.inside("id", "-un", "1000") == "zoe\n"
