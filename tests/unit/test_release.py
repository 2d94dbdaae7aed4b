"""make release: what it refuses, what it leaves, and that a stranger's commands hold. The builds
are stand-ins that write real, tiny ISOs; keys, signatures and digests come from the real tools."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

TOP = Path(__file__).parents[2]
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
}
_LIGHT = """#!/bin/sh
echo "$@" >>build/light
"""
_BUILD = """#!/bin/sh
set -e
[ ! -e broken ] || exit 4
rm -rf build/tree; mkdir -p build/tree/reprise/os
commit=$(git describe --always --dirty --exclude '*')
printf '%s 2026-01-01\\n' "${BUILT_AS:-1.2.0+$commit}" >build/tree/reprise/image-version
echo "{\\"of\\": \\"$IMAGES\\"}" >build/tree/reprise/sbom.cdx.json
for name in $IMAGES; do echo "{}" >"build/tree/reprise/os/$name.cdx.json"; done
xorriso -report_about FAILURE -as mkisofs -R -o build/reprise.iso build/tree 2>/dev/null
"""


def _git(top: Path, *words: str) -> None:
    who = ("-c", "user.name=A", "-c", "user.email=a@example.org")
    subprocess.run(["git", *who, "-C", top, *words], check=True, capture_output=True)


@pytest.fixture
def top(tmp_path: Path) -> Path:
    """A clone of a project of version 1.2.0, its release's key beside it."""
    top = tmp_path / "clone"
    for name in ("release.py", "release_notes.py", "release-notes.md"):
        (top / "live-build/lightos").mkdir(parents=True, exist_ok=True)
        shutil.copy(TOP / "live-build" / name, top / "live-build" / name)
    for name, text in {
        "live-build/lightos/build.sh": _LIGHT,
        "live-build/build.sh": _BUILD,
        "app/reprise/__init__.py": '"""It."""\n\n__version__ = "1.2.0"\n',
        "CHANGELOG.md": "# Changes\n\n## 1.2.0 (2026-12-01)\n\n- **New.** More.\n\n"
        "## 1.1.0\n\n- Old.\n",
        ".gitignore": "build/\nbroken\n__pycache__/\n",
    }.items():
        (top / name).parent.mkdir(parents=True, exist_ok=True)
        (top / name).write_text(text)
        (top / name).chmod(0o755)
    _git(tmp_path, "init", "-q", "clone")
    _git(top, "add", "-A")
    _git(top, "commit", "-qm", "It")
    make_key = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-C", "me", "-f", tmp_path / "key"]
    subprocess.run(make_key, check=True)
    return top


def _release(top: Path, *, key: str | None = None, **more: str) -> tuple[int, str]:
    done = subprocess.run(
        ["python3", top / "live-build/release.py"],
        capture_output=True,
        text=True,
        check=False,
        cwd=top.parent,
        env={
            "PATH": os.environ["PATH"],
            "RELEASE_KEY": str(top.parent / "key") if key is None else key,
            **more,
        },
    )
    return done.returncode, done.stderr + done.stdout


def _is_not_there(top: Path) -> None:
    assert list((top / "build").rglob("1.2.0*")) == []
    assert list((top / "build").rglob(".1.2.0*")) == []


def _shell(folder: Path, command: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["bash", "-c", f"set -e\n{command}"],
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )


def _commands(folder: Path) -> dict[str, str]:
    """Of the notes: kind of shell -> what a stranger types."""
    return dict(re.findall(r"```(\w+)\n(.*?)```", (folder / "NOTES.md").read_text(), re.S))


def test_the_folder_is_whole_and_a_stranger_can_check_it(top: Path) -> None:
    code, said = _release(top)
    assert code == 0, said
    folder = top / "build/release/1.2.0"
    assert {path.name for path in folder.iterdir()} == NAMES
    assert [path.name for path in folder.parent.iterdir()] == ["1.2.0"]
    assert (top / "build/light").read_text() == "debian-desktop --force\n"
    for kind, systems in (("station", ""), ("desktop", "debian-desktop")):
        bill = (folder / f"reprise-1.2.0-{kind}.cdx.json").read_text()
        assert bill == f'{{"of": "{systems}"}}\n'
    text = (folder / "NOTES.md").read_text()
    assert text.startswith("# Reprise 1.2.0\n\n- **New.** More.\n\n##")
    assert "Old." not in text
    assert "$" not in text
    (promised,) = re.findall(r'^    (Good "file" signature .*)$', text, re.M)

    commands = _commands(folder)
    assert set(commands) == {"sh", "zsh", "powershell"}
    (folder / "reprise-1.2.0-station.iso").unlink()  # one ISO is enough to check it
    for system in ("sh", "zsh"):
        done = _shell(folder, commands[system])
        assert done.returncode == 0, done.stderr
        assert done.stdout.startswith(promised + "\n")
        assert "reprise-1.2.0-desktop.iso: OK\n" in done.stdout
    windows, compared = commands["powershell"].splitlines()
    (inner,) = re.findall(r'^cmd /c "(.*)"$', windows)
    assert _shell(folder, inner).stdout == promised + "\n"
    assert "reprise-1.2.0-desktop.iso" in compared
    named = [line for line in (folder / "SHA256SUMS").open() if "reprise-1.2.0-desktop.iso" in line]
    assert len(named) == 1  # what Select-String finds


@pytest.mark.parametrize("changed", ["reprise-1.2.0-desktop.iso", "SHA256SUMS", "NOTES.md"])
def test_what_was_changed_is_found(changed: str, top: Path) -> None:
    assert _release(top)[0] == 0
    folder = top / "build/release/1.2.0"
    (folder / changed).open("ab").write(b"x")
    assert all(_shell(folder, _commands(folder)[one]).returncode != 0 for one in ("sh", "zsh"))


def test_another_key_is_told_by_the_line_that_is_compared(top: Path) -> None:
    assert _release(top)[0] == 0
    folder = top / "build/release/1.2.0"
    command = _commands(folder)["sh"].splitlines()[0]
    mine = _shell(folder, command).stdout
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
    forged = _shell(folder, command)
    assert forged.returncode == 0
    assert forged.stdout != mine


def _dirty(top: Path) -> None:
    (top / "CHANGELOG.md").open("a").write("more\n")


def _left_over(top: Path) -> None:
    (top / "new.py").touch()


def _unreleased(top: Path) -> None:
    text = (top / "CHANGELOG.md").read_text().replace("## 1.2.0 (2026-12-01)", "## Unreleased")
    (top / "CHANGELOG.md").write_text(text)
    _git(top, "commit", "-qam", "Back")


def _empty(top: Path) -> None:
    text = (top / "CHANGELOG.md").read_text().replace("- **New.** More.\n", "")
    (top / "CHANGELOG.md").write_text(text)
    _git(top, "commit", "-qam", "Nothing")


def _tagged_elsewhere(top: Path) -> None:
    _git(top, "tag", "v1.2.0")
    _git(top, "commit", "-q", "--allow-empty", "-m", "Later")


def _no_public_part(top: Path) -> None:
    (top.parent / "key.pub").unlink()


def _no_key_in_it(top: Path) -> None:
    (top.parent / "key.pub").write_text("hello world\n")


def _no_repository(top: Path) -> None:
    shutil.rmtree(top / ".git")


def _made_before(top: Path) -> None:
    (top / "build/release/1.2.0").mkdir(parents=True)


@pytest.mark.parametrize(
    ("spoil", "what", "to_do"),
    [
        (_dirty, "the tree is not clean (CHANGELOG.md)", "commit it"),
        (_left_over, "the tree is not clean (new.py)", "git stash -u"),
        (_unreleased, "has no section “## 1.2.0”", "rename “## Unreleased”"),
        (_empty, "has no section “## 1.2.0”", "with text"),
        (_tagged_elsewhere, "the tag v1.2.0 is another commit", "raise the version in app/"),
        (_no_public_part, "key.pub is missing", "ssh-keygen -y -f"),
        (_no_key_in_it, "key.pub is no SSH public key", "another RELEASE_KEY"),
        (_no_repository, "Git cannot read", "in a clone"),
        (_made_before, "build/release/1.2.0 is there already", "remove it"),
    ],
)
def test_what_would_be_no_release_is_refused_before_anything_is_built(
    spoil: Callable[[Path], None], what: str, to_do: str, top: Path
) -> None:
    spoil(top)
    code, said = _release(top)
    assert code == 2
    assert said.startswith("release: ")
    assert said.count("\n") == 1
    assert what in said
    assert to_do in said
    assert not (top / "build/light").exists()
    assert not (top / "build/reprise.iso").exists()


@pytest.mark.parametrize(("key", "what"), [("", "whose release?"), ("/nope", "/nope is no file")])
def test_without_a_key_it_says_how_to_make_one(key: str, what: str, top: Path) -> None:
    code, said = _release(top, key=key)
    assert (code, said.count("\n")) == (2, 1)
    assert what in said
    assert "ssh-keygen -t ed25519 -f" in said


def test_a_tag_that_points_here_is_the_second_try(top: Path) -> None:
    _git(top, "-c", "tag.gpgsign=false", "tag", "-a", "-m", "It", "v1.2.0")
    assert _release(top)[0] == 0


def test_a_build_that_fails_leaves_nothing_that_looks_whole(top: Path) -> None:
    (top / "broken").touch()
    code, said = _release(top)
    assert code == 4
    assert "nothing was released" in said
    _is_not_there(top)


def test_an_image_of_another_commit_is_not_released(top: Path) -> None:
    code, said = _release(top, BUILT_AS="1.1.0+abcdef0")
    assert code == 4
    assert "is of 1.1.0+abcdef0, not of 1.2.0+" in said
    _is_not_there(top)


def test_a_key_that_cannot_sign_leaves_nothing(top: Path) -> None:
    (top.parent / "key").write_text("no key\n")
    code, said = _release(top)
    assert code == 4
    assert "nothing was released" in said
    _is_not_there(top)


def test_the_version_stands_in_one_place() -> None:
    """Wheel, image, reports and release take it from there."""
    version = re.compile(r'^__version__ = "(\d+\.\d+\.\d+)"$', re.M)
    (found,) = version.findall((TOP / "app/reprise/__init__.py").read_text())
    pyproject = (TOP / "pyproject.toml").read_text()
    assert 'dynamic = ["version"]' in pyproject
    assert 'version = { attr = "reprise.__version__" }' in pyproject
    script = (TOP / "live-build/build.sh").read_text()
    (line,) = re.findall(r"^version=(\$\(.*\))$", script, re.M)
    said = _shell(TOP, f"top=.; echo {line}").stdout
    assert said == f"{found}\n"
