"""make release: what it leaves, that a stranger's commands hold, and that a build that fails leaves
nothing."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from build_scripts.release_kit import BUILD, cloned, git, is_not_there, release, shell
from station_kit.places import TOP

NAMES = {
    "NOTES.md",
    "SHA256SUMS",
    "SHA256SUMS.sig",
    "allowed_signers",
    "reprise-1.2.0-desktop-debian-desktop.cdx.json",
    "reprise-1.2.0-desktop.cdx.json",
    "reprise-1.2.0-desktop.iso",
    "reprise-1.2.0-station.cdx.json",
    "reprise-1.2.0-station.iso",
    "reprise-server_1.2.0_amd64.deb",
}


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return cloned(tmp_path)


def _commands(folder: Path) -> dict[str, str]:
    """Of the notes: kind of shell -> what a stranger types."""
    return dict(re.findall(r"```(\w+)\n(.*?)```", (folder / "NOTES.md").read_text(), re.S))


def test_the_folder_is_whole_and_a_stranger_can_check_it(top: Path) -> None:
    code, said = release(top)
    assert code == 0, said
    folder = top / "build/release/1.2.0"
    assert {path.name for path in folder.iterdir()} == NAMES
    assert [path.name for path in folder.parent.iterdir()] == ["1.2.0"]
    assert (top / "build/light").read_text() == "debian-desktop --force\n"
    for kind, systems in (("station", ""), ("desktop", "debian-desktop")):
        bill = (folder / f"reprise-1.2.0-{kind}.cdx.json").read_text()
        assert bill == f'{{"of": "{systems}"}}\n'
    # told to be the release: its number has nothing behind it
    assert (folder / "reprise-server_1.2.0_amd64.deb").read_text() == "yes\n"
    text = (folder / "NOTES.md").read_text()
    assert text.startswith("# Reprise 1.2.0\n\n- **New.** More.\n\n##")
    assert "Old." not in text
    assert "$" not in text
    assert "`reprise-server_1.2.0_amd64.deb`" in text
    (promised,) = re.findall(r'^    (Good "file" signature .*)$', text, re.M)

    commands = _commands(folder)
    assert set(commands) == {"sh", "zsh", "powershell"}
    (folder / "reprise-1.2.0-station.iso").unlink()  # one ISO is enough to check it
    for system in ("sh", "zsh"):
        done = shell(folder, commands[system])
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(promised + "\n")
        assert "reprise-1.2.0-desktop.iso: OK\n" in done.stdout
    windows, compared = commands["powershell"].splitlines()
    (inner,) = re.findall(r'^cmd /c "(.*)"$', windows)
    assert shell(folder, inner).stdout == promised + "\n"
    assert "reprise-1.2.0-desktop.iso" in compared
    named = [line for line in (folder / "SHA256SUMS").open() if "reprise-1.2.0-desktop.iso" in line]
    assert len(named) == 1  # what Select-String finds


@pytest.mark.parametrize("changed", ["reprise-1.2.0-desktop.iso", "SHA256SUMS", "NOTES.md"])
def test_what_was_changed_is_found(changed: str, top: Path) -> None:
    assert release(top)[0] == 0
    folder = top / "build/release/1.2.0"
    (folder / changed).open("ab").write(b"x")
    assert all(shell(folder, _commands(folder)[one]).returncode != 0 for one in ("sh", "zsh"))


def test_another_key_is_told_by_the_line_that_is_compared(top: Path) -> None:
    assert release(top)[0] == 0
    folder = top / "build/release/1.2.0"
    command = _commands(folder)["sh"].splitlines()[0]
    mine = shell(folder, command).stdout
    for name in ("allowed_signers", "SHA256SUMS.sig"):
        (folder / name).unlink()
    other = top.parent / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    subprocess.run(
        ["ssh-keygen", "-q", "-Y", "sign", "-f", other, "-n", "file", folder / "SHA256SUMS"],
        check=True,
    )
    public = other.with_suffix(".pub").read_text()
    (folder / "allowed_signers").write_text(f"reprise-release {public}")
    forged = shell(folder, command)
    assert forged.returncode == 0
    assert forged.stdout != mine


def test_a_tag_that_points_here_is_the_second_try(top: Path) -> None:
    git(top, "-c", "tag.gpgsign=false", "tag", "-a", "-m", "It", "v1.2.0")
    assert release(top)[0] == 0


@pytest.mark.parametrize("what", ["broken", "unpacked"])
def test_a_build_that_fails_leaves_nothing_that_looks_whole(what: str, top: Path) -> None:
    (top / what).touch()
    code, said = release(top)
    assert code == 4
    assert "nothing was released" in said
    is_not_there(top)


def test_an_image_of_another_commit_is_not_released(top: Path) -> None:
    code, said = release(top, BUILT_AS="1.1.0+abcdef0")
    assert code == 4
    assert "is of 1.1.0+abcdef0, not of 1.2.0+" in said
    is_not_there(top)


def test_a_key_that_is_lost_during_the_build_leaves_nothing(top: Path) -> None:
    build = top / "live-build/build.sh"
    build.write_text(BUILD + f"echo 'no key' >{top.parent}/key\n")
    git(top, "commit", "-qam", "It")
    code, said = release(top)
    assert code == 4
    assert "nothing was released" in said
    is_not_there(top)


def test_a_key_that_an_agent_holds_is_asked_for_by_its_public_part(top: Path) -> None:
    script = f'eval "$(ssh-agent -s)" >/dev/null; ssh-add -q {top.parent}/key; rm {top.parent}/key'
    script += f"; RELEASE_KEY={top.parent}/key.pub python3 {top}/live-build/release.py"
    done = shell(top, f"trap 'kill $SSH_AGENT_PID' EXIT; {script}")
    assert done.returncode == 0, done.stderr


def test_the_version_stands_in_one_place() -> None:
    """Wheel, image, reports and release take it from there."""
    version = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.M)
    (found,) = version.findall((TOP / "app/reprise/__init__.py").read_text())
    pyproject = (TOP / "pyproject.toml").read_text()
    assert 'dynamic = ["version"]' in pyproject
    assert 'version = { attr = "reprise.__version__" }' in pyproject
    script = (TOP / "live-build/build.sh").read_text()
    (line,) = re.findall(r"^version=(\$\(.*\))$", script, re.M)
    said = shell(TOP, f"top=.; echo {line}").stdout
    assert said == f"{found}\n"
