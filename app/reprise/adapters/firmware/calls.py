"""How the sessions of all command sets name errors."""

from __future__ import annotations

import errno


def errno_name(error: OSError) -> str:
    return errno.errorcode.get(error.errno or 0, str(error.errno))
