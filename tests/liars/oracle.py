"""What contradicts "this PC is erased" in a report, told from its bare JSON by words that stand
here: nothing of the rule is asked, so that both may be wrong only together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from liars.oracle_words import carried_on, is_milder, is_named, order

FAILED = {
    *("write-errors", "readback-mismatch", "address-wrapped", "canary-survived"),
    *("identity-changed", "command-failed"),
}
DOUBTED = {
    *("flush-failed", "read-errors", "readback-incomplete", "stopped", "command-hung"),
    *("status-not-ours", "faster-than-the-drives-own-estimate", "unreadable-until-written"),
    *("hidden-area-left", "area-kept-data", "area-not-read"),
}
OF_OVERWRITE = {"readback-matches"}  # "flushed" may be "flush-not-sent"
OF_FIRMWARE = {
    *("canaries-planted", "command-accepted", "command-finished", "canaries-gone"),
    "readback-erased",
}
FOR_GOOD = {"identity-changed", "address-wrapped"}
OF_THE_SURFACE = {
    *("canary-survived", "readback-mismatch", "readback-incomplete", "write-errors"),
    "read-errors",
}
UNHIDES = {"remove-hpa", "remove-amac", "restore-dco"}
OWN_SIZES = ("own.size_bytes", "ata.visible_bytes", "mmc.user_bytes")
RANK = {"none": 0, "clear": 1, "purge": 2, "destroy": 3}
CANNOT_REACH = {  # the beginning of a technique's word -> transports
    "ata-": {"nvme", "mmc", "loop", "virtio"},
    "nvme-": {"sata", "ata", "sas", "scsi", "usb", "mmc", "loop", "virtio"},
    "scsi-": {"nvme", "mmc", "loop"},
    "mmc-": {"sata", "ata", "sas", "scsi", "usb", "nvme", "loop", "virtio"},
}
COMMANDS = {
    "BLOCK ERASE EXT": "ata-sanitize-block-erase",
    "CRYPTO SCRAMBLE EXT": "ata-sanitize-crypto-scramble",
    "OVERWRITE EXT": "ata-sanitize-overwrite",
    "SECURITY ERASE UNIT": "ata-security-erase",
    "Sanitize": "nvme-sanitize",
    "Format NVM": "nvme-format",
    "SANITIZE BLOCK ERASE": "scsi-sanitize-block-erase",
    "SANITIZE CRYPTOGRAPHIC ERASE": "scsi-sanitize-crypto-erase",
    "SANITIZE OVERWRITE": "scsi-sanitize-overwrite",
    "ERASE": "mmc-erase",
}
LOST = {
    *("drives", "gone", "vanished", "unreached", "warnings", "shortened", "attempts", "earlier"),
    *("observations", "medium_errors", "steps", "done", "left", "refusals"),
}


def contradictions(report: Any) -> set[str]:
    found = set(_of_the_pc(report))
    for record in report["drives"]:
        if record.get("attempts"):
            found |= set(_of_a_drive(report, record))
    return found


def _name(identity: Any) -> tuple[Any, ...]:
    told = tuple(identity.get(word) for word in ("model", "serial", "wwn"))
    return told if told[1:] != (None, None) else (*told, identity["size_bytes"])


def _plans(report: Any) -> list[Any]:
    plans: list[Any] = (report.get("plan") or {}).get("drives", [])
    return plans


def _of_the_pc(report: Any) -> Iterator[str]:
    records = [record["identity"] for record in report["drives"]]
    gone = [one["drive"]["identity"] for one in report.get("gone", [])]
    looked = [drive["identity"] for drive in report["inventory"]["drives"]]
    install = report.get("install")
    if install and not any(is_named(install["drive"], one) for one in report["drives"]):
        yield "installed elsewhere"
    if any(plan["drive"] not in (*records, *gone, *looked) for plan in _plans(report)):
        yield "a drive that only the plan knows"
    if any(looked.count(one) > records.count(one) for one in looked):
        inside = [one for one in report["inventory"]["drives"] if not _may_be_outside(one)]
        if any(one["identity"] not in records for one in inside):
            yield "a drive without a record"
    stated = [one["about"] for one in report.get("stated", [])]
    if report.get("vanished") or any(
        one not in stated for one in report["inventory"].get("unreached", [])
    ):
        yield "storage out of reach"
    for one in report.get("shortened", []):
        if one["kept"] < one["of"] and one["where"].split(".")[-1] in LOST:
            yield "shortened"


def _may_be_outside(drive: Any) -> bool:
    return drive["transport"] in ("usb", "mmc")


def _of_a_drive(report: Any, record: Any) -> Iterator[str]:
    last = record["attempts"][-1]
    tried = last["attempt"]
    if record["state"] != "sanitized" or record["achieved"] == "none":
        yield "not called erased"
    if last.get("verdict") != "verified" or last.get("interrupted") is not None:
        yield "no good end"
    if last.get("finished_at") is None:
        yield "no end"
    if RANK[tried["claims"]] < RANK[tried.get("minimum", "none")]:
        yield "below the policy"
    if set(tried.get("not_accepted", [])) - {"noise-may-be-data"}:
        yield "not accepted"
    if any(one["code"] == "identity-changed" for one in record.get("refusals", [])):
        yield "refused as another drive"
    yield from _seen(record, last)
    yield from _sizes(report, record, last)
    yield from _planned(report, record, last)
    yield from _areas(report, record, last)
    yield from _technique(report, record, last)


def _rounds(record: Any) -> list[list[Any]]:
    return [
        told
        for one in record["attempts"]
        for told in (one.get("earlier", []), one.get("observations", []))
    ]


def _seen(record: Any, last: Any) -> Iterator[str]:
    yield from _figures(last)
    yield from order(record)
    yield from _of_the_areas(record)
    kinds = {one["kind"] for one in last.get("observations", [])}
    mine = {one["kind"] for one in last.get("observations", []) if _is_about(one, record)}
    overwrite = last["attempt"]["technique"] == "overwrite"
    if kinds & (FAILED | DOUBTED):
        yield "seen against it"
    if (OF_OVERWRITE if overwrite else OF_FIRMWARE) - mine:
        yield "not seen"
    if last.get("medium_errors"):
        yield "bad sectors"
    every = [one for told in _rounds(record) for one in told]
    if FOR_GOOD & {one["kind"] for one in every}:
        yield "not the drive"
    before = {one["kind"] for told in _rounds(record)[:-1] for one in told}
    errors = any(one.get("medium_errors") for one in record["attempts"][:-1])
    size = record["identity"]["size_bytes"]
    if (before & OF_THE_SURFACE or errors) and last.get("verified_bytes", 0) < size:
        yield "earlier trouble"
    if "hidden-area-left" in {one["kind"] for one in every}:
        yield "hidden area"


def _of_the_areas(record: Any) -> Iterator[str]:
    areas: dict[Any, str] = {}
    for one in (one for told in _rounds(record) for one in told):
        if one["kind"] in ("area-kept-data", "area-not-read", "area-erased"):
            areas[str(one.get("detail", {}).get("area", ""))] = one["kind"]
    if set(areas.values()) - {"area-erased"}:
        yield "area"


def _is_about(seen: Any, record: Any) -> bool:
    model, serial, wwn = (record["identity"].get(word) for word in ("model", "serial", "wwn"))
    return bool(seen["drive"].startswith(f"{model or '?'}|{serial or '?'}|{wwn or '?'}|"))


def _figures(last: Any) -> Iterator[str]:
    technique = last["attempt"]["technique"]
    planted, read = 1, last.get("verified_bytes", 0)
    for one in last.get("observations", []):
        kind, detail = one["kind"], one.get("detail", {})
        if kind == "canaries-planted":
            count = _whole(detail.get("canaries", planted))
            planted = max(planted, count)
            if count < 1:
                yield "no canaries"
        if kind in ("readback-matches", "readback-erased") and detail.get("bytes", read) != read:
            yield "another amount"
        if kind in ("command-accepted", "command-finished"):
            command = COMMANDS.get(detail.get("command"), technique)
            if not technique.startswith(command):
                yield "another command"
    gone = [one for one in last.get("observations", []) if one["kind"] == "canaries-gone"]
    if any(_whole(one.get("detail", {}).get("canaries", planted)) < planted for one in gone):
        yield "canaries left"


def _whole(value: Any) -> int:
    """Something else than a whole number is none that is enough."""
    return value if isinstance(value, int) and not isinstance(value, bool) else -1


def _sizes(report: Any, record: Any, last: Any) -> Iterator[str]:
    preparation = record.get("preparation") or {}
    reached = max(record["identity"]["size_bytes"], preparation.get("size_bytes") or 0)
    yield from _larger(report, record, reached)
    written, read = last.get("written_bytes", 0), last.get("verified_bytes", 0)
    overwrite = last["attempt"]["technique"] == "overwrite"
    if overwrite and written < reached:
        yield "not all written"
    if read < (reached if last["attempt"]["verify"] == "full" else reached // 10 - (64 << 10)):
        yield "not all read back"
    if any(one.get("written_bytes", 0) > reached for one in record["attempts"]):
        yield "more was written"
    sizes = [
        _whole(one.get("detail", {}).get("bytes"))
        for told in _rounds(record)
        for one in told
        if one["kind"] == "seen-larger"
    ]
    if any(size < 0 or size > (written if overwrite else reached) for size in sizes):
        yield "seen larger"


def _larger(report: Any, record: Any, reached: int) -> Iterator[str]:
    name = _name(record["identity"])
    told = [one["identity"] for one in report["inventory"]["drives"]]
    told += [one["drive"]["identity"] for one in report.get("gone", [])]
    told += [plan["drive"] for plan in _plans(report)]
    told += [one["identity"] for one in report["drives"]]
    for plan in _plans(report):
        if _name(plan["drive"]) == name:
            words = (plan.get("capabilities", {}).get(word, "0") for word in OWN_SIZES)
            if any(not word.isdecimal() or int(word) > reached for word in words):
                yield "larger by its own word"
    if any(_name(one) == name and one["size_bytes"] > reached for one in told):
        yield "larger elsewhere"
    keys = {seen["drive"] for one in record["attempts"] for seen in one.get("observations", [])}
    sizes = [word.rpartition("|")[2] for word in keys if is_named(word, record)]
    if not all(size.isdecimal() and int(size) <= reached for size in sizes):
        yield "named larger"


def _planned(report: Any, record: Any, last: Any) -> Iterator[str]:
    mine = [one for one in _plans(report) if _name(one["drive"]) == _name(record["identity"])]
    preparation = record.get("preparation") or {}
    steps = {step for one in mine for step in one.get("preparations", [])}
    steps |= {*preparation.get("steps", []), *preparation.get("left", [])}
    if UNHIDES & steps - set(preparation.get("done", [])) or UNHIDES & {
        *preparation.get("left", [])
    }:
        yield "hidden area left"
    tried = last["attempt"]
    planned = [attempt for one in mine for attempt in one.get("attempts", [])]
    least = max((RANK[one.get("minimum", "none")] for one in planned), default=0)
    if RANK[tried.get("minimum", "none")] < least:
        yield "milder than planned"
    same = [one for one in planned if one["technique"] == tried["technique"]]
    reattached = carried_on(record)
    if not planned or reattached is False or not (same or reattached):
        yield "not planned"
    if same and all(is_milder(tried, one, RANK, reattached=bool(reattached)) for one in same):
        yield "milder than planned"


def _areas(report: Any, record: Any, last: Any) -> Iterator[str]:
    erased = {
        str(one.get("detail", {}).get("area"))
        for told in _rounds(record)
        for one in told
        if one["kind"] == "area-erased" and _is_about(one, record)
    }
    for plan in _plans(report):
        words = plan.get("capabilities", {})
        if _name(plan["drive"]) != _name(record["identity"]):
            continue
        areas = [words.get(word, "0") for word in ("mmc.boot_areas", "mmc.general_purpose_areas")]
        told = last["attempt"].get("limitations", [])
        few = any(not word.isdecimal() for word in areas) or len(erased) < sum(map(int, areas))
        if few and "mmc-boot-and-other-areas-not-reached" not in told:
            yield "areas left"
        others = [words.get(f"nvme.namespaces{word}", "0") for word in ("", "_allocated", "_shown")]
        if last["attempt"]["technique"] != "overwrite":
            continue
        few = any(not word.isdecimal() or len(erased) < int(word) - 1 for word in others)
        if few and "nvme-other-namespaces-not-reached" not in told:
            yield "namespaces left"


def _technique(report: Any, record: Any, last: Any) -> Iterator[str]:
    technique = last["attempt"]["technique"]
    shown = [one for one in report["inventory"]["drives"] if one["identity"] == record["identity"]]
    for beginning, transports in CANNOT_REACH.items():
        reached = technique.startswith(beginning) and len(shown) == 1
        if reached and shown[0]["transport"] in transports:
            yield "out of its reach"
