"""Every report that a database holds, read by a process that knows nothing of what was sent:

    python -m load.kept DATABASE

A line each: its number, and the SHA-256 of its bytes.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from reprise.codec import sha256_hex
from reprise.server.opening import open_database

_TESTS = Path(__file__).resolve().parents[1]


def kept(database: Path | str) -> dict[str, str]:
    """As told by such a process. Raises CalledProcessError where the database is not sound."""
    argv = [sys.executable, "-m", "load.kept", str(database)]
    told = subprocess.run(argv, cwd=_TESTS, check=True, stdout=subprocess.PIPE, text=True)
    pairs = (line.split() for line in told.stdout.splitlines())
    return dict(pairs)


def main() -> int:
    open_database(sys.argv[1])
    from django.db import connection

    from reprise.server.reports.models import Report

    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA integrity_check")
            if cursor.fetchone() != ("ok",):
                return 1
    for number, jws in Report.objects.values_list("report_id", "jws").iterator():
        print(number, sha256_hex(bytes(jws)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
