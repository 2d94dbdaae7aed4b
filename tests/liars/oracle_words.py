"""Of the oracle: whom a word names, what was planned, and in which order things are told."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Mapping
from typing import Any


def is_named(word: str, record: Any) -> bool:
    """By its name at any size; where nothing tells it apart, at one of its own."""
    identity = record["identity"]
    model, serial, wwn = (identity.get(name) for name in ("model", "serial", "wwn"))
    head, _, size = word.rpartition("|")
    if head != f"{model or '?'}|{serial or '?'}|{wwn or '?'}":
        return False
    prepared = (record.get("preparation") or {}).get("size_bytes")
    return (serial, wwn) != (None, None) or size in (str(identity["size_bytes"]), str(prepared))


def carried_on(record: Any) -> bool | None:
    """By the drive itself, as an earlier session had begun it: before all else, the same job. None:
    nobody says so."""
    last = record["attempts"][-1]
    seen = [one for one in last.get("observations", []) if one["kind"] == "reattached"]
    jobs = {one.get("detail", {}).get("job_id") for one in seen}
    by_itself = last["attempt"]["technique"].partition("-")[0] in ("ata", "nvme", "scsi")
    mine = len(record["attempts"]) == 1 and jobs == {last["job_id"]}
    return by_itself and mine if seen else None


def is_milder(tried: Any, planned: Any, rank: Mapping[str, int], *, reattached: bool) -> bool:
    """What was read in full is no sample. A drive at work tells less of itself in the plan."""
    settled = {"read-back-sampled"} if tried["verify"] == "full" else set()
    accepted = {*tried.get("not_accepted", []), *settled}
    refused = set(planned.get("not_accepted", []))
    if reattached:
        refused &= set(tried.get("limitations", []))
    return (
        rank[planned["claims"]] < rank[tried["claims"]]
        or bool(refused - accepted)
        or (planned["verify"], tried["verify"]) == ("full", "sample")
    )


def order(record: Any) -> Iterator[str]:
    began = [one["started_monotonic_s"] for one in record["attempts"]]
    if began != sorted(began):
        yield "attempts out of order"
    kinds = [one["kind"] for one in record["attempts"][-1].get("observations", [])]
    steps = ("command-finished", "canaries-gone", "readback-erased")
    chains: list[tuple[str, ...]] = [
        (first, *steps) for first in ("canaries-planted", "command-accepted")
    ]
    chains += [("flushed", "readback-matches"), ("flush-not-sent", "readback-matches")]
    for chain in chains:
        for one, two in itertools.pairwise(kind for kind in chain if kind in kinds):
            if kinds.index(one) > len(kinds) - 1 - kinds[::-1].index(two):
                yield "seen out of order"
