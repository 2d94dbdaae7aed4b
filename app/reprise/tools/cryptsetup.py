"""cryptsetup 2.7: LUKS2 around the root of an installed system. Pure text."""

from __future__ import annotations

# The name that the open volume has, on the station as in the system itself (its boot menu may name
# its root by it).
NAME = "reprise-root"
MAPPED = f"/dev/mapper/{NAME}"  # the node of the open volume
# KiB that the passphrase's Argon2id takes at every start. cryptsetup takes up to half of the PC's
# memory and at most 1 GiB: a PC that loses a module would not open its drive any more.
_PBKDF_KIB = 256 * 1024


def argv_format(volume: str, known_as: str) -> list[str]:
    """The passphrase comes on stdin, whole and without a line end."""
    return [
        *("cryptsetup", "luksFormat", "--batch-mode", "--type", "luks2", "--uuid", known_as),
        *("--pbkdf", "argon2id", "--pbkdf-memory", str(_PBKDF_KIB), "--key-file", "-", volume),
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


def crypttab(volume_uuid: str) -> str:
    """crypttab(5): asked for in the initramfs, though nothing in there should see a root on it."""
    return (
        "# <name> <source> <key file> <options>\n"
        f"{NAME} UUID={volume_uuid} none luks,discard,initramfs\n"
    )
