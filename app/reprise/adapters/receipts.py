"""Reads a server's receipt. Only one that names our report and our very bytes counts."""

from __future__ import annotations

import hmac

from reprise.codec import from_json, sha256_hex
from reprise.domain.delivery import Receipt
from reprise.errors import InputError


def read_receipt(data: bytes, report_id: str, jws: bytes) -> Receipt | None:
    """None where `data` is not a receipt for exactly these bytes."""
    try:
        receipt = from_json(data, Receipt)
    except (InputError, RecursionError):
        return None
    same = hmac.compare_digest(receipt.sha256.lower().encode(), sha256_hex(jws).encode())
    return receipt if same and receipt.report_id == report_id else None
