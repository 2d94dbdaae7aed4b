"""Is the server well? Everything that can be wrong on its machine, each with what to do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from reprise.errors import RepriseError
from reprise.i18n import _, ngettext
from reprise.server.database import asking, close_database, database_time, rows_are_guarded
from reprise.server.database_address import Address, database_address
from reprise.server.files.opening import data_folder
from reprise.server.opening import look_into, migrations_due
from reprise.server.reports.judging import judge_one, list_pcs_anew
from reprise.server.reports.sound import State
from reprise.server.reports.verifying import (
    bytes_of_reports,
    last_receipt,
    listed_without_report,
    look_at_each,
)
from reprise.server.reports.whole_pc import make_anew
from reprise.server.settings import ServerSettings
from reprise.server.upkeep.address_check import look_at_address
from reprise.server.upkeep.finding import Finding, Mark, bad, doubt, good
from reprise.server.upkeep.letters_check import look_at_letters
from reprise.server.upkeep.pace import Pace, Tell
from reprise.server.upkeep.places_check import look_at_places
from reprise.server.upkeep.restored_mark import marked
from reprise.server.upkeep.sqlite_copy import damage_of
from reprise.wording import moment, number

_AHEAD = timedelta(minutes=5)
_APART = timedelta(seconds=10)
_NAMED = 10  # damaged reports


def look_around(settings: ServerSettings, file: Path, quick: bool, tell: Tell) -> Iterator[Finding]:
    """Nothing is changed. `file`: of the settings. `quick`: without a look at each report. Where
    the database does not answer, the rest of what asks it is left out."""
    address = database_address(settings.database)
    yield from look_at_places(settings, file, address, data_folder(settings))
    yield from look_at_address(settings.public_url)
    try:
        look_into(settings.database)
        yield good(_("Database: {path}").format(path=address.shown))
        yield from _restored()
        due = migrations_due(address)
        if due:
            yield _due(due)
            return
        yield good(_("Tables: up to date"))
        yield _clock()
        if address.path is None:
            yield _second_lock()
        if not quick:
            yield from look_at_content(address, tell)
    except RepriseError as error:
        yield bad(error.what.rstrip("."), error.advice)
    finally:
        close_database()


def look_at_content(address: Address, tell: Tell, *, anew: bool = False) -> Iterator[Finding]:
    """Of the open database: whether each report is what its station signed, and the list says the
    same. `anew`: where it does not, it is made to. Raises StorageError."""
    if address.path is not None:
        reason = damage_of(address.path)
        yield (
            bad(_("Database file: damaged ({reason})").format(reason=reason), _restore())
            if reason
            else good(_("Database file: sound"))
        )
        yield from look_at_letters(address.path, anew=anew)
    pace = Pace("check", bytes_of_reports(), tell)
    states: Counter[State] = Counter()
    otherwise = set[int]()
    for looked in look_at_each():
        pace.more(looked.size_bytes)
        states[looked.state] += 1
        if looked.state is not State.GOOD and anew:
            otherwise |= judge_one(looked.report_id)
        if looked.state is not State.GOOD and states.total() - states[State.GOOD] <= _NAMED:
            yield _not_good(looked.report_id, looked.state, anew)
    pace.end()
    make_anew(otherwise)
    yield from _without_report(anew)
    yield _sum(states)


def _without_report(anew: bool) -> Iterator[Finding]:
    pcs = listed_without_report()
    if not pcs:
        return
    what = ngettext(
        "PCs: {count} is listed of which no report is here",
        "PCs: {count} are listed of which no report is here",
        len(pcs),
    )
    advice = _("Look at who may write to the database: nothing that was signed says it.")
    if anew:
        list_pcs_anew(pcs)
        advice = _("No longer listed. Look at who wrote to that database.")
    yield bad(what.format(count=number(len(pcs))), advice)


def _restored() -> Iterator[Finding]:
    with asking():
        made_at = marked()
    if made_at is not None:
        yield bad(
            _("Restored from the backup of {moment}, and that was cut off").format(
                moment=moment(made_at)
            ),
            _(
                "Log-ins, codes and invitations of the backup end as “reprise serve” or “reprise "
                "server upgrade” opens the database. Then look through the pages Server "
                "(organisations), Stations, Settings (tokens) and People: what was revoked, "
                "removed, erased or ended after that moment is valid again."
            ),
        )


def _second_lock() -> Finding:
    if rows_are_guarded():
        return good(_("Row security: in force"))
    return doubt(
        _("Row security: not in force, as the server's user is a superuser of PostgreSQL"),
        _(
            "Let it be the owner of its database, and no more: "
            "ALTER ROLE with NOSUPERUSER NOBYPASSRLS."
        ),
    )


def _due(count: int) -> Finding:
    what = ngettext("Tables: {count} change is due", "Tables: {count} changes are due", count)
    return bad(
        what.format(count=count),
        _("Stop the server, and type: {command}").format(command="reprise server upgrade"),
    )


def _restore() -> str:
    return _("Restore the last backup beside it, and compare; stations have their own copies.")


def _not_good(report_id: str | bytes, state: State, anew: bool) -> Finding:
    if state is State.UNREADABLE:
        return doubt(
            _("Report {id}: signed, but this version cannot read it").format(id=report_id),
            _("Update the server; the report is kept."),
        )
    if state is State.OTHERWISE:
        return _otherwise(report_id, anew)
    if state is State.BELIEVED:
        return bad(
            _("Report {id}: this version cannot read it, and the list believed it").format(
                id=report_id
            ),
            _("It proves nothing there any more. Look at who wrote to that database.")
            if anew
            else _(
                "Look at who may write to the database. To set the list right, back it up and "
                "restore that."
            ),
        )
    words = {
        State.CHANGED: _("Report {id}: its bytes were changed since they were received"),
        State.UNPROVEN: _("Report {id}: its signature is not good"),
        State.ANOTHER: _("Report {id}: another report lies under its number"),
    }
    return bad(words[state].format(id=report_id), _restore())


def _otherwise(report_id: str | bytes, anew: bool) -> Finding:
    if anew:
        return bad(
            _("Report {id}: the list said other than the signed report").format(id=report_id),
            _("It was judged anew, and says the same now. Look at who wrote to that database."),
        )
    return bad(
        _("Report {id}: the list says other than the signed report").format(id=report_id),
        _(
            "Believe its certificate, not the list, and look at who may write to the database. "
            "To set the list right, back it up and restore that: such reports are judged anew."
        ),
    )


def _sum(states: Counter[State]) -> Finding:
    count, wrong = states.total(), states.total() - states[State.GOOD]
    if not count:
        return good(_("Reports: none yet"))
    if not wrong:
        what = ngettext(
            "Reports: {count}, as its station signed it",
            "Reports: {count}, each as its station signed it",
            count,
        )
        return good(what.format(count=number(count)))
    return Finding(
        Mark.DOUBT if wrong == states[State.UNREADABLE] else Mark.BAD,
        _("Reports: {wrong} of {count} are not good").format(
            wrong=number(wrong), count=number(count)
        ),
    )


def _clock() -> Finding:
    """A wrong one gives reports a wrong date of receipt."""
    now, there = datetime.now(UTC), database_time()
    shown = moment(now.isoformat())
    last = last_receipt()
    if last is not None and last - now > _AHEAD:
        return bad(
            _("Clock: it says {now}, and a report came later than that").format(now=shown),
            _("Set it, and keep it by NTP: reports get their date of receipt from it."),
        )
    if there is not None and abs(there - now) > _APART:
        return doubt(
            _("Clock: it says {now}, and PostgreSQL's another time").format(now=shown),
            _("Set both, and keep them by NTP."),
        )
    return good(_("Clock: {now}").format(now=shown))
