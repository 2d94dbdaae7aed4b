"""The tables of reports. The exact bytes of a report are the evidence; every other column is an
index made from them, and can be made again. Others ask archive and catalogue."""

from __future__ import annotations

from django.db import models
from django.db.models import Q


class Pc(models.Model):
    """A PC as its firmware names it: see machine_key in columns.py."""

    organisation = models.ForeignKey(
        "people.Organisation",
        on_delete=models.PROTECT,
        db_index=False,  # both others begin with it
    )
    machine_key = models.CharField(max_length=64)
    maker = models.TextField()
    model = models.TextField()
    serial = models.TextField()
    uuid = models.TextField()
    chassis = models.TextField()
    last_received_at = models.DateTimeField()
    # what a list asks for: see listed.py
    outcome = models.CharField(max_length=16, default="", db_default="")
    kind = models.CharField(max_length=8, default="", db_default="")
    name = models.CharField(max_length=200, default="", db_default="")

    class Meta:
        indexes = (
            models.Index(fields=["organisation", "last_received_at"], name="pc_by_last_received"),
            models.Index(
                fields=["organisation", "outcome", "last_received_at"], name="pc_by_outcome"
            ),
            models.Index(fields=["organisation", "kind", "last_received_at"], name="pc_by_kind"),
            models.Index(fields=["organisation", "name", "id"], name="pc_by_name"),
            models.Index(fields=["organisation", "serial", "id"], name="pc_by_serial"),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["organisation", "machine_key"], name="pc_of_organisation"
            ),
        )


class Words(models.Model):
    """What a search looks through, of a PC and of all its reports: see searching.py. Not behind
    PostgreSQL's own walls, as an index of letters works through none: what it finds is."""

    pc = models.OneToOneField(Pc, on_delete=models.CASCADE, primary_key=True, related_name="told")
    words = models.TextField()


class Report(models.Model):
    """`sha256` is of `jws`, the exact bytes that were received."""

    report_id = models.CharField(max_length=36, primary_key=True)
    sha256 = models.CharField(max_length=64)
    jws = models.BinaryField()
    received_at = models.DateTimeField()
    done_at = models.DateTimeField()  # see domain.report.done
    station = models.ForeignKey(
        "stations.Station", on_delete=models.PROTECT, db_column="kid", db_index=False
    )
    pc = models.ForeignKey(
        Pc,
        on_delete=models.PROTECT,
        related_name="reports",
        db_index=False,  # "report_by_pc" begins with it
    )
    outcome = models.CharField(max_length=16)  # reprise.domain.report.outcome.Outcome
    sealed_at = models.TextField()  # the station's clock: may lie
    asset_tag = models.TextField()
    lot = models.TextField()
    donor = models.TextField()
    session_id = models.TextField(default="")
    cut_off = models.BooleanField(default=False)  # see domain.report.one_session
    session_s = models.FloatField(default=0)
    # the report of the same session that counts instead; "": this one does
    superseded_by = models.CharField(max_length=36, default="")
    rule = models.IntegerField(default=0)  # report_outcome.RULE_VERSION that judged it: see listed
    # its PC's: said here, too, for what asks for an organisation's reports in their order
    organisation = models.BigIntegerField()

    class Meta:
        indexes = (
            models.Index(fields=["pc", "done_at"], name="report_by_pc"),
            models.Index(
                fields=["organisation", "received_at", "report_id"], name="report_by_received"
            ),
            models.Index(fields=["rule", "report_id"], name="report_by_rule"),
            models.Index(fields=["session_id"], name="report_by_session"),
            # of the few only: nearly all are "", and no search must begin with those
            models.Index(
                fields=["superseded_by"],
                condition=~Q(superseded_by=""),
                name="report_by_superseding",
            ),
        )
        constraints = (
            models.UniqueConstraint(
                fields=["station", "session_id"],
                condition=Q(cut_off=False) & ~Q(session_id=""),
                name="report_own_of_session",
            ),
        )


class Drive(models.Model):
    """One drive of a report, as the rule in force counts and judges it."""

    report = models.ForeignKey(
        Report, on_delete=models.CASCADE, related_name="drives", db_index=False
    )
    position = models.IntegerField()
    model = models.TextField()
    serial = models.TextField()
    wwn = models.TextField()
    size_bytes = models.BigIntegerField()
    state = models.CharField(max_length=16)
    achieved = models.CharField(max_length=16)

    class Meta:
        indexes = (models.Index(fields=["serial"], name="drive_by_serial"),)
        constraints = (
            models.UniqueConstraint(fields=["report", "position"], name="drive_of_report"),
        )
