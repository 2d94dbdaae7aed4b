"""The operating system's reasons, in the language in force.

strerror(3) speaks the language of the process's LC_MESSAGES, which is never set: so it is English
everywhere, in journals and reports, too. It is put into words where a person reads it
(docs/decisions/0214-the-command-line.md).
"""

from __future__ import annotations

import errno
import os
import re
from collections.abc import Mapping
from functools import cache

from reprise.i18n import N_
from reprise.i18n import _ as translate

# How Python writes an OSError: "[Errno 2] No such file or directory: '/nope'".
_WRITTEN = re.compile(r"\[Errno -?\d+\] ([^:]+?)(?:: ['\"](.*?)['\"])?(?: -> .*)?")

_REASONS: Mapping[int, str] = {
    errno.EPERM: N_("it is not permitted"),
    errno.ENOENT: N_("there is no such file or folder"),
    errno.EINTR: N_("it was interrupted"),
    errno.EIO: N_("input/output error: the device does not read or write"),
    errno.ENXIO: N_("there is no such device"),
    errno.EBADF: N_("it is not open"),
    errno.EAGAIN: N_("it is busy: try again"),
    errno.ENOMEM: N_("there is not enough memory"),
    errno.EACCES: N_("access is denied"),
    errno.ENOTBLK: N_("it is not a block device"),
    errno.EBUSY: N_("the device or file is in use"),
    errno.EEXIST: N_("a file of that name exists"),
    errno.ENODEV: N_("there is no such device"),
    errno.ENOTDIR: N_("a part of the path is not a folder"),
    errno.EISDIR: N_("it is a folder"),
    errno.EINVAL: N_("the system refuses the request as invalid"),
    errno.ENFILE: N_("too many files are open"),
    errno.EMFILE: N_("too many files are open"),
    errno.ENOTTY: N_("the device does not know this request"),
    errno.ETXTBSY: N_("the program is running"),
    errno.EFBIG: N_("the file is too large"),
    errno.ENOSPC: N_("no space is left"),
    errno.EROFS: N_("it is read-only"),
    errno.EPIPE: N_("nobody reads the output any more"),
    errno.ENAMETOOLONG: N_("the name is too long"),
    errno.ENOTEMPTY: N_("the folder is not empty"),
    errno.ELOOP: N_("the symbolic links form a loop"),
    errno.EPROTO: N_("protocol error"),
    errno.EOVERFLOW: N_("the value is too large"),
    errno.EILSEQ: N_("unreadable characters"),
    errno.EOPNOTSUPP: N_("it is not supported"),
    errno.EAFNOSUPPORT: N_("this kind of address is not supported"),
    errno.EADDRINUSE: N_("the address is in use already"),
    errno.EADDRNOTAVAIL: N_("this machine does not have that address"),
    errno.ENETDOWN: N_("the network is down"),
    errno.ENETUNREACH: N_("the network cannot be reached"),
    errno.ECONNABORTED: N_("the connection was interrupted"),
    errno.ECONNRESET: N_("the other machine closed the connection"),
    errno.ENOTCONN: N_("there is no connection"),
    errno.ETIMEDOUT: N_("no answer came in time"),
    errno.ECONNREFUSED: N_("the connection was refused"),
    errno.EHOSTDOWN: N_("the other machine is down"),
    errno.EHOSTUNREACH: N_("the other machine cannot be reached"),
    errno.ESTALE: N_("the file is gone from its server"),
    errno.EDQUOT: N_("the quota is used up"),
    errno.ENOMEDIUM: N_("there is no medium in it"),
    errno.EMEDIUMTYPE: N_("it is the wrong kind of medium"),
    errno.EREMOTEIO: N_("the device reports an error"),
    errno.ENODATA: N_("there is nothing to read"),
    errno.EBADMSG: N_("the data is damaged"),
    errno.EUCLEAN: N_("the file system is damaged"),
    errno.EXDEV: N_("it is on another file system"),
}
# What getaddrinfo(3) says of a name; its numbers are of another count (gai_strerror).
_NAMES: Mapping[str, str] = {
    "Name or service not known": N_("this name is not known"),
    "No address associated with hostname": N_("this name has no address"),
    "Temporary failure in name resolution": N_("names cannot be looked up at the moment"),
    "Non-recoverable failure in name resolution": N_("names cannot be looked up"),
}
_ABOUT = N_("{name}: {value}")
_WHO_MAY = N_("Run the command as root, or as the owner of the file.")
_NO_TEXT = N_("it is not text in UTF-8")


@cache
def _by_text() -> Mapping[str, str]:
    own = {os.strerror(number): words for number, words in _REASONS.items()}
    return {**own, **_NAMES}


def system_words(text: str) -> str:
    """`text` in the language in force where the system is known to say it, else as it is. Takes the
    reason alone, after what it is about ("/dev/sdb: "), or as Python writes it."""
    known = _by_text()
    if msgid := known.get(text.strip()):
        return translate(msgid)
    about, _colon, reason = text.strip().rpartition(": ")
    if written := _WRITTEN.fullmatch(text.strip()):
        reason, about = written[1], written[2]
    if reason not in known:
        return text
    words = translate(known[reason])
    return translate(_ABOUT).format(name=about, value=words) if about else words


def who_may(error: OSError) -> str:
    """The advice where it is for lack of a right, else ""."""
    no_right = error.errno in (errno.EACCES, errno.EPERM)
    return translate(_WHO_MAY) if no_right else ""


def os_reason(error: OSError) -> str:
    """Why, as a part of a sentence: no number, no path."""
    if isinstance(error, TimeoutError):  # the socket module's own has no number
        return system_words(os.strerror(errno.ETIMEDOUT))
    return system_words(error.strerror or str(error))


def unread_reason(error: OSError | UnicodeDecodeError) -> str:
    """Why a text file could not be read."""
    return os_reason(error) if isinstance(error, OSError) else translate(_NO_TEXT)
