"""The only file that binds ports to adapters."""

from __future__ import annotations
