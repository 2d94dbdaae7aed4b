"""What `unsquashfs -pf -` prints of a squashfs: a line for each entry, then the files' bytes, in
the order of the lines (squashfs-tools 4.6, USAGE-SQFSTAR / "Pseudo file definitions"). Pure.

A backslash stands before every space, backslash and newline of a name; where a symbolic link
leads is printed as it is."""

from __future__ import annotations

from dataclasses import dataclass

DATA_MARK = b"#\n# START OF DATA - DO NOT MODIFY\n#\n"
_KINDS = b"DSRLBCIFx"


@dataclass(frozen=True, slots=True)
class PseudoEntry:
    """`kind` as in the text: "D" folder, "S" symbolic link, "R" regular file, "L" hard link,
    "B", "C" devices, "I", "F" pipes and sockets. `target`: of both kinds of links. Of a hard link,
    mode, owners and size are the target's, and 0 here."""

    name: bytes
    kind: str
    mode: int = 0
    uid: int = 0
    gid: int = 0
    size_bytes: int = 0
    target: bytes = b""


def split_lines(text: bytes) -> tuple[list[bytes], bytes]:
    """The whole lines of `text`, and what is left behind the last one."""
    lines, start, at = [], 0, 0
    while (end := text.find(b"\n", at)) >= 0:
        at = end + 1
        if not _escaped(text, end):
            lines.append(text[start:end])
            start = at
    return lines, text[start:]


def _escaped(text: bytes, at: int) -> bool:
    """Whether an odd number of backslashes stands before `at`."""
    count = 0
    while at - count > 0 and text[at - count - 1 : at - count] == b"\\":
        count += 1
    return count % 2 == 1


def parse_line(line: bytes) -> PseudoEntry | None:
    """None for extended attributes. Raises ValueError for a line that is none of these."""
    name, words = _name(line)
    kind = words[:1].decode("ascii", "replace")
    if len(kind) != 1 or words[1:2] != b" " or words[:1] not in _KINDS:
        raise ValueError(f"no entry: {line[:80]!r}")
    if kind == "x":
        return None
    if kind == "L":
        return PseudoEntry(name, kind, target=_name(words[2:])[0])
    _time, mode, uid, gid, *rest = words[2:].split(b" ", 4)
    size, target = 0, b""
    if kind == "R":
        size = int(rest[0].split(b" ")[0])
    elif kind == "S":
        target = rest[0]
    return PseudoEntry(name, kind, int(mode, 8), int(uid), int(gid), size, target)


def _name(line: bytes) -> tuple[bytes, bytes]:
    """The first name, and all behind the space that ends it."""
    at = 0
    while (at := line.find(b" ", at)) >= 0:
        if not _escaped(line, at):
            return _plain(line[:at]).strip(b"/"), line[at + 1 :]
        at += 1
    return _plain(line).strip(b"/"), b""


def _plain(text: bytes) -> bytes:
    if b"\\" not in text:  # nearly all of a system's ten thousand names
        return text
    out, at = bytearray(), 0
    while at < len(text):
        if text[at : at + 1] == b"\\":
            at += 1
        out += text[at : at + 1]
        at += 1
    return bytes(out)
