"""Reads a server's receipt. Only one that names our report and our very bytes counts."""

from __future__ import annotations

from reprise.codec import from_json, sha256_hex
from reprise.domain.station.delivery import Receipt
from reprise.errors import InputError


def read_receipt(data: bytes, report_id: str, jws: bytes) -> Receipt | None:
    """None where `data` is not a receipt for exactly these bytes."""
    receipt = any_receipt(data)
    if receipt is None or receipt.report_id != report_id:
        return None
    return receipt if receipt.sha256.lower() == sha256_hex(jws) else None


def any_receipt(data: bytes) -> Receipt | None:
    """Of whatever report."""
    try:
        return from_json(data, Receipt)
    except InputError:
        return None
