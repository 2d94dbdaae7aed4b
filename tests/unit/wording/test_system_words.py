"""What the operating system says, in the language in force."""

from __future__ import annotations

import errno
import os
import socket

import pytest

from reprise import i18n, wording
from reprise.domain.pc.hardware import Reason
from reprise.system_words import os_reason, system_words, unread_reason
from reprise.wording.delivery import last_word
from reprise.workflow.session.install import failure_text

# What a person can meet: files, drives, networks (errno(3)).
MET = (
    "EPERM ENOENT EIO ENXIO EBADF EAGAIN ENOMEM EACCES ENOTBLK EBUSY EEXIST ENODEV ENOTDIR EISDIR"
    " EINVAL ENFILE EMFILE ENOTTY EFBIG ENOSPC EROFS EPIPE ENAMETOOLONG ENOTEMPTY ELOOP ENODATA"
    " EADDRINUSE EADDRNOTAVAIL ENETDOWN ENETUNREACH ECONNABORTED ECONNRESET ENOTCONN ETIMEDOUT"
    " ECONNREFUSED EHOSTDOWN EHOSTUNREACH ENOMEDIUM EMEDIUMTYPE EREMOTEIO EUCLEAN EDQUOT"
)


@pytest.mark.parametrize("name", MET.split())
def test_no_reason_is_english_in_french(name: str) -> None:
    text = os.strerror(getattr(errno, name))
    french = system_words(text)
    i18n.set_language("en")
    assert french not in (text, system_words(text))
    assert os_reason(OSError(getattr(errno, name), text, "/nope")) == system_words(text)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Connection refused", "connexion refusée"),
        ("[Errno 111] Connection refused", "connexion refusée"),
        ("/dev/sdb: Device or resource busy", "/dev/sdb\u00a0: périphérique ou fichier en cours"),
        (
            "[Errno 2] No such file or directory: '/a: b'",
            "/a: b\u00a0: ce fichier ou dossier n’existe",
        ),
        ("Name or service not known", "ce nom est inconnu"),
        ("a word: of a tool", "a word: of a tool"),
        ("", ""),
    ],
)
def test_whatever_stands_around_it(text: str, words: str) -> None:
    found = system_words(text)
    assert found.startswith(words)
    assert bool(found) == bool(text)


def test_a_time_out_has_no_number() -> None:
    assert os_reason(TimeoutError("timed out")) == "pas de réponse dans le délai"
    found = socket.gaierror(socket.EAI_NONAME, "Name or service not known")
    assert os_reason(found) == "ce nom est inconnu"


def test_why_a_text_was_not_read() -> None:
    with pytest.raises(UnicodeDecodeError) as caught:
        b"\xff".decode()
    assert unread_reason(caught.value) == "ce n’est pas du texte en UTF-8"
    assert unread_reason(IsADirectoryError(errno.EISDIR, "Is a directory")) == "c’est un dossier"


def test_what_was_recorded_in_english_is_shown_in_french() -> None:
    assert "connexion refusée" in last_word("unreachable: Connection refused")
    assert "accès refusé" in wording.code(Reason.TOOL_FAILED.because("Permission denied"))
    assert "périphérique ou fichier" in failure_text("drive-busy: Device or resource busy")
