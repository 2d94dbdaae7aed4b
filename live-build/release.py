"""make release: both ISOs, the server's package, bills of materials, notes, digests and their
signature, in build/release/VERSION. Standard library, and the system's own tools.

    RELEASE_KEY=PATH release.py        PATH: the releaser's SSH key (private, or the public one of a
                                       key that an agent holds)

Nothing stands in build/release/VERSION before all of it does. See docs/decisions/0212-release.md.
Exit codes: 0 there it is, 2 cannot start (one line says what to do), 4 a build failed.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from release_notes import (
    IDENTITY,
    NAMESPACE,
    SIGNERS,
    NotToldError,
    changes_of,
    notes,
    sums,
)

TOP = Path(__file__).resolve().parent.parent
VERSION_FILE = "app/reprise/__init__.py"
# What each ISO carries to install.
ISOS = {"station": "", "desktop": "debian-desktop"}
_KEY_TO_DO = "ssh-keygen -t ed25519 -f ~/.ssh/reprise-release makes one; keep it for all releases"


class CannotError(Exception):
    """One line: what is wrong, and what to do."""


class FailedError(Exception):
    """A build or a tool ended with an error; it has said why."""


@dataclass(frozen=True, slots=True)
class Release:
    """What is made, of what. `commit` as an image's version names it."""

    version: str
    commit: str
    changes: str
    key: Path
    public: str  # “ssh-ed25519 AAAA…”, without the comment
    kind: str  # ED25519 …
    fingerprint: str


def _git(*words: str) -> str:
    done = subprocess.run(
        ["git", "-c", f"safe.directory={TOP}", "-C", TOP, *words],
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise CannotError(f"Git cannot read {TOP}: make a release in a clone")
    return done.stdout.strip()


def _version() -> str:
    found = re.search(r'^__version__ = "([0-9A-Za-z.]+)"$', (TOP / VERSION_FILE).read_text(), re.M)
    if found is None:
        raise CannotError(f'{VERSION_FILE} has no line __version__ = "…": write it')
    return found[1]


def _tree_is_clean() -> None:
    if changed := _git("status", "--porcelain", "--untracked-files=normal"):
        what = changed.splitlines()[0][2:].strip()
        raise CannotError(f"the tree is not clean ({what}): commit it, or git stash -u")


def _tag_is_free(version: str) -> None:
    tag = f"v{version}"
    if not _git("tag", "--list", tag):
        return
    there = _git("rev-parse", f"{tag}^{{commit}}")
    if there != _git("rev-parse", "HEAD"):
        raise CannotError(
            f"the tag {tag} is another commit ({there[:12]}): raise the version in {VERSION_FILE},"
            f" or git switch --detach {tag}"
        )


def _told(version: str) -> str:
    try:
        return changes_of((TOP / "CHANGELOG.md").read_text("utf-8"), version)
    except NotToldError:
        raise CannotError(
            f"CHANGELOG.md has no section “## {version}” with text: rename “## Unreleased”, or"
            f" correct the version in {VERSION_FILE}"
        ) from None


def _public_of(key: Path) -> Path:
    return key if key.suffix == ".pub" else key.with_name(key.name + ".pub")


def _makes_public(key: Path) -> str:
    public = _public_of(key)
    return f"ssh-keygen -y -f {public.with_suffix('')} > {public}"


def _key(given: str) -> tuple[Path, str, str, str]:
    """(key, its public part, its kind, its fingerprint)"""
    if not given:
        raise CannotError(f"whose release? RELEASE_KEY=path of your SSH key ({_KEY_TO_DO})")
    key = Path(given).expanduser()
    public = _public_of(key)
    if not key.is_file():
        raise CannotError(f"RELEASE_KEY={given} is no file ({_KEY_TO_DO})")
    if not public.is_file():
        raise CannotError(f"{public} is missing: {_makes_public(key)}")
    words = public.read_text("utf-8", errors="replace").split()
    shown = subprocess.run(
        ["ssh-keygen", "-lf", public], capture_output=True, text=True, check=False
    )
    if shown.returncode != 0 or len(words) < 2:
        raise CannotError(f"{public} is no SSH public key: give another RELEASE_KEY ({_KEY_TO_DO})")
    if len(shown.stdout.splitlines()) != 1 or not words[0].startswith(("ssh-", "ecdsa-", "sk-")):
        raise CannotError(
            f"{public} must hold the key's own line alone: {_makes_public(key)} writes it"
        )
    _bits, fingerprint, *_comment, kind = shown.stdout.split()
    return key, " ".join(words[:2]), kind.strip("()"), fingerprint


def asked(given: str) -> Release:
    """Everything that can be refused is refused here, before an hour of building. Raises
    CannotError."""
    for tool in ("git", "ssh-keygen", "xorriso"):
        if shutil.which(tool) is None:
            raise CannotError(f"{tool} is missing: run 'make deps' as root")
    _tree_is_clean()
    version = _version()
    changes = _told(version)
    _tag_is_free(version)
    key = _key(given)
    if (there := _folder(version)).exists():
        raise CannotError(f"{there.relative_to(TOP)} is there already: remove it to make it again")
    commit = _git("describe", "--always", "--dirty", "--exclude", "*")
    release = Release(version, commit, changes, *key)
    _sign_on_trial(release)
    return release


def _folder(version: str) -> Path:
    return TOP / "build/release" / version


def _run(*argv: str | Path, **surroundings: str) -> None:
    done = subprocess.run(argv, cwd=TOP, env={**os.environ, **surroundings}, check=False)
    if done.returncode != 0:
        raise FailedError(f"{argv[0]} ended with {done.returncode}")


def _take_out(iso: Path, inside: str, outside: Path) -> None:
    done = subprocess.run(
        ["xorriso", "-osirrox", "on", "-indev", iso, "-extract", inside, outside],
        capture_output=True,  # it tells of itself at each call
        text=True,
        check=False,
    )
    if done.returncode != 0:
        raise FailedError(f"{iso.name} does not give {inside}: {done.stderr.strip()}")
    outside.chmod(0o644)


def _build(release: Release, kind: str, folder: Path) -> None:
    """The ISO and its bills of materials. Built even where one is up to date: its name is to be
    this commit's, and its packages today's."""
    systems = ISOS[kind].split()
    if systems:
        _run("live-build/lightos/build.sh", *systems, "--force")
    _run("live-build/build.sh", "--force", IMAGES=ISOS[kind])
    iso = folder / f"reprise-{release.version}-{kind}.iso"
    shutil.copyfile(TOP / "build/reprise.iso", iso)
    taken = {"image-version": folder / "image-version"}
    taken["sbom.cdx.json"] = iso.with_suffix(".cdx.json")
    for name in systems:
        taken[f"os/{name}.cdx.json"] = folder / f"{iso.stem}-{name}.cdx.json"
    for inside, outside in taken.items():
        _take_out(iso, f"/reprise/{inside}", outside)
    built = taken["image-version"].read_text().split()[0]
    if built != f"{release.version}+{release.commit}":
        raise FailedError(f"{iso.name} is of {built}, not of {release.version}+{release.commit}")
    taken["image-version"].unlink()


def _package(release: Release, folder: Path) -> str:
    """The central server's; its name."""
    name = f"reprise-server_{release.version}_amd64.deb"
    _run("live-build/server/package.sh", RELEASED="yes")
    if not (made := TOP / "build" / name).is_file():
        raise FailedError(f"build/{name} was not made")
    shutil.copyfile(made, folder / name)
    return name


def _ssh_keygen(*words: str | Path, aloud: bool, signed: Path | None = None) -> None:
    """Raises FailedError."""
    done = subprocess.run(
        ["ssh-keygen", "-q", *words],
        input=None if signed is None else signed.read_text(),
        capture_output=not aloud,
        text=True,
        check=False,
    )
    if done.returncode != 0:
        *_more, why = ["", *(done.stderr or "").strip().splitlines()]
        raise FailedError(why or f"ssh-keygen ended with {done.returncode}")


def _sign_on_trial(release: Release) -> None:
    """Raises CannotError. A key that must be touched asks for that aloud."""
    with tempfile.TemporaryDirectory() as folder:
        (Path(folder) / "SHA256SUMS").write_text("a trial\n")
        try:
            _sign(release, Path(folder), aloud=release.kind.endswith("-SK"))
        except FailedError as error:
            raise CannotError(
                f"{release.key} does not sign for its public part ({error}):"
                f" {_makes_public(release.key)} writes that, or give another RELEASE_KEY"
            ) from error


def _sign(release: Release, folder: Path, *, aloud: bool = True) -> None:
    """Signs and checks: what a stranger does is done here first. The public part is written as it
    was read at the start, so that a key file that was changed meanwhile does not pass. Raises
    FailedError."""
    (folder / SIGNERS).write_text(f'{IDENTITY} namespaces="{NAMESPACE}" {release.public}\n')
    sums = folder / "SHA256SUMS"
    _ssh_keygen("-Y", "sign", "-f", release.key, "-n", NAMESPACE, sums, aloud=aloud)
    check = ("-Y", "verify", "-f", folder / SIGNERS, "-I", IDENTITY, "-n", NAMESPACE)
    try:
        _ssh_keygen(*check, "-s", folder / "SHA256SUMS.sig", aloud=aloud, signed=sums)
    except FailedError as error:
        raise FailedError(f"the signature that was made does not hold: {error}") from error


def make(release: Release) -> Path:
    """Returns the folder. Raises FailedError; then no folder of the release's name is there."""
    whole = _folder(release.version)
    part = whole.with_name(f".{release.version}.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    try:
        server = _package(release, part)
        for kind in ISOS:
            _build(release, kind, part)
        _tree_is_clean()
        isos = {kind: f"reprise-{release.version}-{kind}.iso" for kind in ISOS}
        key = (release.kind, release.fingerprint)
        text = notes(release.version, release.changes, key, server=server, **isos)
        (part / "NOTES.md").write_text(text, "utf-8")
        (part / "SHA256SUMS").write_text(sums(part))
        _sign(release, part)
        part.rename(whole)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    return whole


def main() -> int:
    try:
        release = asked(os.environ.get("RELEASE_KEY", ""))
        folder = make(release)
    except CannotError as error:
        sys.stderr.write(f"release: {error}\n")
        return 2
    except FailedError as error:
        sys.stderr.write(f"release: {error}; nothing was released\n")
        return 4
    tag = f"v{release.version}"
    sys.stdout.write(
        f"release: {folder.relative_to(TOP)}, signed by {release.fingerprint}\n"
        f"release: now git tag -s {tag} && git push origin {tag}\n"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
