"""What a password costs who guesses it from a copy of the database, and what each log-in costs the
server."""

from __future__ import annotations

from django.contrib.auth.hashers import Argon2PasswordHasher


class Passwords(Argon2PasswordHasher):
    """Argon2id with what OWASP asks at least (Password Storage Cheat Sheet, 2025): m=19 MiB, t=2,
    p=1. Django's own takes 100 MiB, eight times that where each thread of the pages' processes logs
    somebody in. What was kept at Django's cost is made anew at the next log-in."""

    time_cost = 2
    memory_cost = 19_456  # KiB
    parallelism = 1
