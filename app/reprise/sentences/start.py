"""What the first step asks for."""

from __future__ import annotations

from reprise.i18n import _


def operator_labels() -> dict[str, str]:
    """By field of Operator."""
    return {
        "asset_tag": _("Asset tag of the PC"),
        "lot": _("Lot"),
        "donor": _("Donor"),
        "name": _("Operator"),
    }
