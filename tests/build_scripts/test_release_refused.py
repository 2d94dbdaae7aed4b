"""make release: what would be no release is refused before anything is built, with what to do."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from build_scripts.release_kit import cloned, git, release


@pytest.fixture
def top(tmp_path: Path) -> Path:
    return cloned(tmp_path)


def _dirty(top: Path) -> None:
    (top / "CHANGELOG.md").open("a").write("more\n")


def _left_over(top: Path) -> None:
    (top / "new.py").touch()


def _unreleased(top: Path) -> None:
    text = (top / "CHANGELOG.md").read_text().replace("## 1.2.0 (2026-12-01)", "## Unreleased")
    (top / "CHANGELOG.md").write_text(text)
    git(top, "commit", "-qam", "Back")


def _empty(top: Path) -> None:
    text = (top / "CHANGELOG.md").read_text().replace("- **New.** More.\n", "")
    (top / "CHANGELOG.md").write_text(text)
    git(top, "commit", "-qam", "Nothing")


def _tagged_elsewhere(top: Path) -> None:
    git(top, "tag", "v1.2.0")
    git(top, "commit", "-q", "--allow-empty", "-m", "Later")


def _no_public_part(top: Path) -> None:
    (top.parent / "key.pub").unlink()


def _no_key_in_it(top: Path) -> None:
    (top.parent / "key.pub").write_text("hello world\n")


def _other(top: Path) -> str:
    other = top.parent / "other"
    subprocess.run(["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", other], check=True)
    return other.with_suffix(".pub").read_text()


def _another_public_part(top: Path) -> None:
    (top.parent / "key.pub").write_text(_other(top))


def _two_public_parts(top: Path) -> None:
    own = (top.parent / "key.pub").read_text()
    (top.parent / "key.pub").write_text(_other(top) + own)


def _remark_before_it(top: Path) -> None:
    own = (top.parent / "key.pub").read_text()
    (top.parent / "key.pub").write_text("# mine\n" + own)


def _options_before_it(top: Path) -> None:
    own = (top.parent / "key.pub").read_text()
    (top.parent / "key.pub").write_text('cert-authority,namespaces="git" ' + own)


def _no_private_part(top: Path) -> None:
    (top.parent / "key").write_text("no key\n")


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
        (_another_public_part, "does not sign", "ssh-keygen -y -f"),
        (_two_public_parts, "key.pub must hold the key's own line alone", "ssh-keygen -y -f"),
        (_remark_before_it, "key.pub must hold the key's own line alone", "ssh-keygen -y -f"),
        (_options_before_it, "key.pub must hold the key's own line alone", "ssh-keygen -y -f"),
        (_no_private_part, "does not sign", "ssh-keygen -y -f"),
        (_no_repository, "Git cannot read", "in a clone"),
        (_made_before, "build/release/1.2.0 is there already", "remove it"),
    ],
)
def test_what_would_be_no_release_is_refused_before_anything_is_built(
    spoil: Callable[[Path], None], what: str, to_do: str, top: Path
) -> None:
    spoil(top)
    code, said = release(top)
    assert code == 2
    assert said.startswith("release: ")
    assert said.count("\n") == 1
    assert what in said
    assert to_do in said
    assert not (top / "build/light").exists()
    assert not (top / "build/reprise.iso").exists()


@pytest.mark.parametrize(("key", "what"), [("", "whose release?"), ("/nope", "/nope is no file")])
def test_without_a_key_it_says_how_to_make_one(key: str, what: str, top: Path) -> None:
    code, said = release(top, key=key)
    assert (code, said.count("\n")) == (2, 1)
    assert what in said
    assert "ssh-keygen -t ed25519 -f" in said


def test_the_releasers_own_git_hides_no_file(top: Path) -> None:
    """A source that is in no commit would be in the image."""
    (top.parent / ".gitconfig").write_text("[status]\n\tshowUntrackedFiles = no\n")
    _left_over(top)
    code, said = release(top, HOME=str(top.parent))
    assert code == 2
    assert "the tree is not clean (new.py)" in said
