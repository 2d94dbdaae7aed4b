"""The notes of a release: what changed, and how a stranger checks the files with stock tools."""

from __future__ import annotations

import hashlib
import re
from pathlib import Path
from string import Template

IDENTITY = "reprise-release"
NAMESPACE = "file"
SIGNERS = "allowed_signers"
_TITLE = re.compile(r"^## +", re.MULTILINE)
# On Windows cmd does the redirection: PowerShell has none, and its pipes change line ends.
_VERIFY = (
    f"ssh-keygen -Y verify -f {SIGNERS} -I {IDENTITY} -n {NAMESPACE} -s SHA256SUMS.sig < SHA256SUMS"
)


class NotToldError(Exception):
    """CHANGELOG.md says nothing of this version."""


def changes_of(changelog: str, version: str) -> str:
    """The text under “## VERSION” (a date may follow). Raises NotToldError where there is none."""
    for section in _TITLE.split(changelog)[1:]:
        title, _newline, text = section.partition("\n")
        if title.split()[:1] == [version] and text.strip():
            return text.strip()
    raise NotToldError(version)


def notes(version: str, changes: str, key: tuple[str, str], **files: str) -> str:
    """Markdown, from release-notes.md. `key`: its kind and fingerprint, as ssh-keygen says them;
    `files`: the names of the ISOs, `desktop` and `station`, and of the package, `server`."""
    text = Path(__file__).with_name("release-notes.md").read_text("utf-8")
    return Template(text).substitute(
        version=version,
        changes=changes,
        kind=key[0],
        fingerprint=key[1],
        **files,
        signers=SIGNERS,
        identity=IDENTITY,
        namespace=NAMESPACE,
        verify=_VERIFY,
    )


def sums(folder: Path) -> str:
    """SHA256SUMS, of all that lies there."""
    lines = []
    for path in sorted(folder.iterdir()):
        with path.open("rb") as file:
            lines.append(f"{hashlib.file_digest(file, 'sha256').hexdigest()}  {path.name}\n")
    return "".join(lines)
