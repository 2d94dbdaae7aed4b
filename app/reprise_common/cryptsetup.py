"""cryptsetup 2.7: LUKS2 around the root of an installed system. Pure text.

Also used by the light OS's first start, which has a copy."""

from __future__ import annotations

import json

# The name that the open volume has, on the station as in the system itself (its boot menu may name
# its root by it).
NAME = "reprise-root"
MAPPED = f"/dev/mapper/{NAME}"  # the node of the open volume
# KiB that the passphrase's Argon2id takes at every start. cryptsetup takes up to half of the PC's
# memory and at most 1 GiB: a PC that loses a module would not open its drive any more.
_PBKDF_KIB = 256 * 1024
_PBKDF = ("--pbkdf", "argon2id", "--pbkdf-memory", str(_PBKDF_KIB))
# A key that opens the volume until the system's owner has chosen a passphrase: the path in the
# system, as crypttab and initramfs know it, and its place among the volume's keys.
FIRST_KEY = "/etc/cryptsetup-keys.d/reprise-first.key"
FIRST_SLOT, OWNER_SLOT = 0, 1
CRYPTTAB = "etc/crypttab"
# What asks for the passphrase in the initramfs (crypttab's "keyscript": its first argument is the
# key file's name, its output the passphrase). Debian's own question is English and names a node.
# Letters that every font of a console has.
ASK = "usr/lib/reprise/ask-for-the-drive"
ASK_TEXT = """\
#!/bin/sh
if [ "${CRYPTTAB_TRIED:-0}" -gt 0 ]; then
    echo "Mot de passe incorrect. / This is not the password." >&2
fi
exec /lib/cryptsetup/askpass "Mot de passe du disque / Password of the drive: "
"""
# Debian's hook puts the keys into an initramfs that this shell file's variable names, and
# initramfs-tools makes it readable by root alone where its own says so.
CONF_HOOK = "etc/cryptsetup-initramfs/conf-hook"
CONF_HOOK_LINE = f"KEYFILE_PATTERN={FIRST_KEY}\n"
FIRST_CONF = "etc/initramfs-tools/conf.d/reprise-first-key"
FIRST_CONF_TEXT = "UMASK=0077\n"


def argv_format(volume: str, known_as: str) -> list[str]:
    """The passphrase comes on stdin, whole and without a line end."""
    return [
        *("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--uuid", known_as),
        *(*_PBKDF, "--key-slot", str(FIRST_SLOT), "--key-file", "-", volume),
    ]


def argv_open(volume: str) -> list[str]:
    """The same. TRIM passes: a drive that was erased for its next owner hides nothing by keeping
    free blocks full."""
    return [
        *("cryptsetup", "open", "--type", "luks2", "--allow-discards", "--key-file", "-"),
        *(volume, NAME),
    ]


def argv_close() -> list[str]:
    return ["cryptsetup", "close", NAME]


def argv_add_owner(volume: str) -> list[str]:
    """Allowed by the first key; the owner's passphrase comes on stdin, whole."""
    return [
        *("cryptsetup", "luksAddKey", "--batch-mode", *_PBKDF, "--key-file", FIRST_KEY),
        *("--new-key-slot", str(OWNER_SLOT), volume, "-"),
    ]


def argv_opens(volume: str, slot: int) -> list[str]:
    """Exit code 0 where the key in that slot is the one on stdin; maps nothing."""
    return [
        *("cryptsetup", "open", "--test-passphrase", "--key-slot", str(slot)),
        *("--key-file", "-", volume),
    ]


def argv_kill(volume: str, slot: int) -> list[str]:
    """Asks for no other key, and would take the last one, too."""
    return ["cryptsetup", "luksKillSlot", "--batch-mode", volume, str(slot)]


def argv_header(volume: str) -> list[str]:
    return ["cryptsetup", "luksDump", "--dump-json-metadata", volume]


def slots(header: str) -> frozenset[int]:
    """The key slots in use, of the header's JSON. Raises ValueError where it is none."""
    try:
        return frozenset(int(slot) for slot in json.loads(header)["keyslots"])
    except (KeyError, TypeError) as error:
        raise ValueError(f"no LUKS2 header: {error!r}") from error


def crypttab(volume: str, key: str = "none") -> str:
    """crypttab(5): opened in the initramfs, though nothing in there should see a root on it.
    `volume`: such as "UUID=…". `key` "none": the passphrase is asked for, by ASK, which has to be
    there, as often as it takes: after three tries Debian leaves a person with a shell."""
    asks = f",keyscript=/{ASK},tries=0" if key == "none" else ""
    options = f"luks,discard,initramfs{asks}"
    return f"# <name> <source> <key file> <options>\n{NAME} {volume} {key} {options}\n"


def volume_of(crypttab_text: str) -> str:
    """Our volume as `crypttab` was given it; "" where the file names none."""
    rows = (line.split() for line in crypttab_text.splitlines())
    return next((row[1] for row in rows if len(row) > 1 and row[0] == NAME), "")
