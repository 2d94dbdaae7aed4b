"""Fillers that stand where nobody wrote a fact."""

from __future__ import annotations

import re
from itertools import pairwise

from reprise.domain.pc.hardware import DriveIdentity

# What firmware (and the bridge of a USB case) ships with where nobody filled in the field: the
# field's own name, perhaps with the number of its table, its array or its slot ("System Serial
# Number", "Type2 - Board Version", "A1_Manufacturer0"), or one of a few words. Compared in lower
# case without spaces, points and dashes.
_OWNER = r"type\d+|a\d+|array\d+|baseboard|base|board|chassis|system|product|module|memory|dimm\d*"
_FIELD = (
    "manufacturer?|mfg|mfr|vendor|name|partnum(ber)?|partno|sernum|serial(num(ber)?|no)?"
    "|assettag(num(ber)?)?|sku(num(ber)?)?#?|config(id)?|family|uuid|id"
)
_FIELDS_NAME = re.compile(
    rf"({_OWNER})*(version|({_FIELD}|manufacturername|vendorname|tbd(by\w+)?)\d*)"
)
_TOLD = """
    defaultstring allseries noassettag noenclosure nodimm badindex outofspec product oem o.e.m
    unspecified undefined unde invalid none null empty na n/a tba
    notspecified notapplicable notavailable notdefined notpresent notsettable notprovided
    03000200040005000006000700080009 00020003000400050006000700080009
    123456781234567890abcddeefaabbcc
"""
_WORDS = frozenset(_TOLD.split())
_BEGINNINGS = ("tobefilled", "itobefilled", "unkn")
_TEMPLATE = re.compile(r"\[.*\]|\$?\(.*\)|<.*>|\{.*\}")  # "[Empty]", "$(DEFAULT_STRING)"
_NOISE = re.compile(r"[\s.\-_<>…]")
_LEAST_RUN = 4
_FOLLOWS = {"9": "0a"}  # digits go round, and on to the letters


def is_placeholder(value: str) -> bool:
    """Whether a field holds a filler instead of a fact."""
    bare = _NOISE.sub("", value.lower())
    if not bare or bare in _WORDS or bare.startswith(_BEGINNINGS):
        return True
    if _TEMPLATE.fullmatch(value.strip()) or _FIELDS_NAME.fullmatch(bare):
        return True
    digits = bare.removeprefix("0x") or bare
    return _is_run(digits) or (len(set(digits)) == 1 and digits[0] in "0fx*?#" and len(bare) > 1)


def _is_run(text: str) -> bool:
    """Each character follows the one before it, as in "0123456789abcdef" and "ABCD"."""
    return len(text) >= _LEAST_RUN and all(
        ord(after) == ord(before) + 1 or after in _FOLLOWS.get(before, "")
        for before, after in pairwise(text)
    )


def real_serial(identity: DriveIdentity) -> str | None:
    """None also where it is a filler."""
    serial = identity.serial
    return None if serial is None or is_placeholder(serial) else serial


def real_wwn(identity: DriveIdentity) -> str | None:
    """None also where nothing but zeros follows the first digit, as bridges fill it in."""
    digits = re.sub(r"^(0x|eui\.|naa\.|uuid\.)", "", (identity.wwn or "").lower())
    return identity.wwn if digits[1:].strip("0.-") else None


def is_told_apart(identity: DriveIdentity) -> bool:
    """Whether a number tells this drive from another of its model."""
    return real_serial(identity) is not None or real_wwn(identity) is not None
