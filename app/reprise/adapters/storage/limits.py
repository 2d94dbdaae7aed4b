"""What a station keeps: names, and how large each may be. What is larger is not of ours: a stick
comes from anywhere. Journals: see journal.py."""

from __future__ import annotations

import re

KEY, PUBLIC_KEY = "station.key.pem", "station.pub.pem"
REPORT_ID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
# A report of 24 drives, each of them dying with as many bad sectors in both passes as the policy
# has, is 18 MiB; one without, 50 KiB.
MOST_REPORT_BYTES = 32 << 20
MOST_NOTE_BYTES = 64 << 10  # a receipt, a key, or what somebody noted
