"""The person's account, made so that a power cut leaves none or a whole one after the next try."""

from __future__ import annotations

import contextlib
import os
import re
import shutil
from pathlib import Path

from reprise_first_start.files import Root

# What a person at this PC needs: sudo and lpadmin to install updates and printers, netdev for
# Wi-Fi, scanner, the rest for sound, films and sticks where no desktop session hands them out.
# Those that the image does not have are left out. Not adm (logs) and not dialout (serial lines).
GROUPS = ("sudo", "lpadmin", "scanner", "netdev", "plugdev", "cdrom", "audio", "video", "bluetooth")
_TABLES = ("passwd", "shadow", "group", "gshadow", "subuid", "subgid")
_SHADOW_TOOLS = frozenset({"useradd", "usermod", "chpasswd", "groupadd", "passwd", "vipw", "chage"})
_FIRST_UID, _LAST_UID = 1000, 59999  # login.defs(5), UID_MIN and UID_MAX as Debian has them
WELCOME_ENTRY = ".config/autostart/reprise-welcome.desktop"


def taken_names(root: Root, ours: tuple[str, ...] = ()) -> frozenset[str]:
    """Names that users and groups have, without `ours`: those that an unfinished try made."""
    taken = {line[0] for table in ("passwd", "group") for line in _rows(root, table)}
    return frozenset(taken - set(ours))


def make(root: Root, user: str, full_name: str) -> None:
    """A locked account, in all tables or, for a moment, in some. Raises ToolFailed, OSError."""
    _drop_stale_locks(root)
    if _is_whole(root, user):
        root.run(["usermod", "--comment", full_name, user])
        return
    _forget(root, user)
    root.run(["useradd", "--no-create-home", "--shell", "/bin/bash", "--comment", full_name, user])


def join_groups(root: Root, user: str) -> None:
    known = {row[0] for row in _rows(root, "group")}
    groups = [group for group in GROUPS if group in known]
    if groups:
        root.run(["usermod", "--append", "--groups", ",".join(groups), user])


def set_password(root: Root, user: str, password_hash: str) -> None:
    root.run(["chpasswd", "--encrypted"], stdin=f"{user}:{password_hash}\n")


def make_home(root: Root, user: str) -> None:
    """From /etc/skel, for its owner alone. It gets its name when all of it is there."""
    home, new = root.at(f"home/{user}"), root.at(f"home/.{user}.new")
    if home.exists():
        return
    shutil.rmtree(new, ignore_errors=True)
    skel = root.at("etc/skel")
    if skel.is_dir():
        shutil.copytree(skel, new, symlinks=True)
    new.mkdir(mode=0o700, parents=True, exist_ok=True)
    entry = root.at("usr/share/applications/reprise-welcome-once.desktop")
    if entry.is_file():
        (new / WELCOME_ENTRY).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(entry, new / WELCOME_ENTRY)
    uid, gid = _ids(root, user)
    for path in (new, *new.rglob("*")):
        os.chown(path, uid, gid, follow_symlinks=False)
    new.chmod(0o700)
    os.sync()
    new.rename(home)


def remove(root: Root, user: str) -> None:
    """What an unfinished try made: nobody has ever logged in with it."""
    _drop_stale_locks(root)
    row = next((row for row in _rows(root, "passwd") if row[0] == user), None)
    if row is not None and not _FIRST_UID <= int(row[2]) <= _LAST_UID:
        return  # a user of the system itself
    _forget(root, user)
    for folder in (root.at(f"home/{user}"), root.at(f"home/.{user}.new")):
        shutil.rmtree(folder, ignore_errors=True)


def _rows(root: Root, table: str) -> list[list[str]]:
    try:
        text = root.read_text(f"etc/{table}")
    except FileNotFoundError:
        return []
    return [line.split(":") for line in text.splitlines() if ":" in line]


def _ids(root: Root, user: str) -> tuple[int, int]:
    row = next(row for row in _rows(root, "passwd") if row[0] == user)
    return int(row[2]), int(row[3])


def _is_whole(root: Root, user: str) -> bool:
    """useradd writes one table after the other, those of sub-ids last and only where they are."""
    always = ("passwd", "shadow", "group", "gshadow")
    present = [t for t in _TABLES if t in always or root.at(f"etc/{t}").is_file()]
    return all(any(row[0] == user for row in _rows(root, table)) for table in present)


def _forget(root: Root, user: str) -> None:
    """userdel refuses what useradd left half done, so the lines are taken out here."""
    for table in _TABLES:
        path = root.at(f"etc/{table}")
        if not path.is_file():
            continue
        before = path.read_text("utf-8").splitlines()
        after = [_without(line, user, table) for line in before if line.split(":")[0] != user]
        if after != before:
            old, text = path.stat(), "\n".join(after) + "\n"
            owner = (old.st_uid, old.st_gid)
            root.write(f"etc/{table}", text, mode=old.st_mode & 0o777, owner=owner)


def _without(line: str, user: str, table: str) -> str:
    if table not in ("group", "gshadow"):
        return line
    head, colon, members = line.rpartition(":")
    kept = [member for member in members.split(",") if member != user]
    return head + colon + ",".join(kept)


def _drop_stale_locks(root: Root) -> None:
    """A tool that died with the power leaves its lock and its number, which may be another
    program's by now: then every later tool would wait for that one in vain."""
    for table in _TABLES:
        lock = root.at(f"etc/{table}.lock")
        with contextlib.suppress(FileNotFoundError):
            if not _held(lock.read_text("utf-8", "replace")):
                lock.unlink()
        for left in root.at("etc").glob(f"{table}.[0-9]*"):  # its temporary file
            if re.fullmatch(r"[a-z]+\.\d+", left.name):
                left.unlink(missing_ok=True)


def _held(text: str) -> bool:
    number = text.strip("\0 \n")
    if not number.isdecimal():
        return False
    try:
        name = Path(f"/proc/{number}/comm").read_text("utf-8").strip()
    except OSError:
        return False
    return name in _SHADOW_TOOLS
