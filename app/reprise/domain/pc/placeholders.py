"""Fillers that stand where nobody wrote a fact."""

from __future__ import annotations

import re

from reprise.domain.pc.hardware import DriveIdentity

# What firmware (and the bridge of a USB case) ships with where nobody filled in the field. Compared
# in lower case without spaces, points and dashes.
_FILLERS = """
    tobefilledbyoem tobefilled systemmanufacturer systemproductname systemversion
    systemserialnumber systemname systemsku systemskunumber systemsku# baseboardproductname
    baseboardversion baseboardmanufacturer baseboardserialnumber boardproductname boardversion
    chassismanufacturer chassismanufacture chassisserialnumber chassisversion chassisassettag
    noassettag defaultstring notspecified notapplicable notavailable notdefined notpresent
    notsettable notprovided unspecified unknown undefined invalid none null empty na n/a oem
    o.e.m productname manufacturer manufacturername serialnumber badindex outofspec sku
    type1productconfigid type2boardversion noenclosure nodimm chassisserial systemuuid
    0123456789 123456789 1234567890 12345678 01234567890123456789 xxxxxxx xxxxxxxx
    123456789abc 123456789abcdef 0123456789abcdef
    03000200040005000006000700080009 00020003000400050006000700080009
    123456781234567890abcddeefaabbcc
"""
_PLACEHOLDERS = frozenset(_FILLERS.split())
_NOISE = re.compile(r"[\s.\-_<>…]")


def is_placeholder(value: str) -> bool:
    """Whether a field holds a filler instead of a fact."""
    bare = _NOISE.sub("", value.lower())
    if not bare or bare in _PLACEHOLDERS:
        return True
    return len(set(bare)) == 1 and bare[0] in "0fx*?#" and len(bare) > 1


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
