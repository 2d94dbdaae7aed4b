"""nvme-cli: what an NVMe controller can do.

Clauses are of the NVM Express Base Specification 2.0, figure "Identify Controller Data
Structure": OACS (bytes 257:256) and FNA (byte 524).
"""

from __future__ import annotations

import json

from reprise.domain.capabilities import Capabilities, Support
from reprise.errors import ToolError
from reprise.i18n import _

_OACS_FORMAT = 1 << 1  # the Format NVM command is supported
_FNA_FORMAT_ALL = 1 << 0  # a format goes to all namespaces
_FNA_ERASE_ALL = 1 << 1  # a secure erase goes to all namespaces
_FNA_CRYPTO = 1 << 2  # cryptographic erase is supported


def argv_id_ctrl(controller: str) -> tuple[str, ...]:
    """`controller` is the character device, e.g. /dev/nvme0."""
    return ("nvme", "id-ctrl", "-o", "json", controller)


def argv_version() -> tuple[str, ...]:
    return ("nvme", "version")


def parse_id_ctrl(
    data: bytes, namespace_id: int | None = None, namespaces: int | None = None
) -> Capabilities:
    """Raises ToolError where it is no JSON object. A field that is absent leaves UNKNOWN."""
    try:
        top = json.loads(data)
    except (ValueError, RecursionError) as error:
        raise ToolError(_("nvme gave no readable answer.")) from error
    if not isinstance(top, dict):
        raise ToolError(_("nvme gave no readable answer."))
    oacs, fna = _field(top, "oacs", 16), _field(top, "fna", 8)
    formats = _bit(oacs, _OACS_FORMAT)
    return Capabilities(
        nvme_format=formats,
        nvme_format_crypto=_bit(fna, _FNA_CRYPTO) if formats is Support.YES else formats,
        nvme_namespace_id=namespace_id,
        nvme_namespaces=namespaces,
        nvme_erase_all_namespaces=_bit(fna, _FNA_ERASE_ALL),
        nvme_format_all_namespaces=_bit(fna, _FNA_FORMAT_ALL),
        evidence={
            name: f"{value:#x}"
            for name, value in (("oacs", oacs), ("fna", fna))
            if value is not None
        },
    )


def _field(top: dict[str, object], name: str, bits: int) -> int | None:
    value = top.get(name)
    return value if type(value) is int and 0 <= value < 1 << bits else None


def _bit(value: int | None, mask: int) -> Support:
    if value is None:
        return Support.UNKNOWN
    return Support.YES if value & mask else Support.NO
