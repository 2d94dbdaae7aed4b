"""What each help ends with: commands that can be typed, and what they do."""

from __future__ import annotations

from collections.abc import Mapping

from reprise.i18n import N_

EXAMPLES: Mapping[str, tuple[tuple[str, str], ...]] = {
    "reprise": (
        ("reprise station demo", N_("try the station on a made-up PC; nothing is erased")),
        ("reprise inventory", N_("what this PC and its drives are")),
        ("reprise erase --help", N_("the options of one command, with examples")),
    ),
    "reprise inventory": (
        ("reprise inventory", N_("what this PC and its drives are")),
        ("reprise inventory --json", N_("the same for a program")),
        ("reprise inventory --drive /dev/sda", N_("one drive only")),
    ),
    "reprise plan": (
        ("reprise plan", N_("what would be done to each drive, and what cannot be reached")),
        ("reprise plan --drive /dev/nvme0n1 --json", N_("of one drive, for a program")),
    ),
    "reprise erase": (
        (
            "reprise erase --drive /dev/sda --confirm WD-WCC4E1234567",
            N_("erase this drive as the policy prefers and read it back"),
        ),
        (
            "reprise erase --drive /dev/sda --confirm WD-WCC4E1234567 --resume",
            N_("go on after a power cut"),
        ),
        (
            "reprise erase --drive /dev/sdb --confirm Z1D5ABCD --technique overwrite --verify full",
            N_("overwrite, and read every sector back"),
        ),
        (
            "reprise erase --drive /dev/sdc --confirm S3Z9NB0K --psid label.txt",
            N_("with the PSID of the drive's label, from a file"),
        ),
    ),
    "reprise report": (
        ("reprise report verify report.jws --key station.pub.pem", N_("is it genuine?")),
        (
            "reprise report pdf report.jws --key station.pub.pem -o certificate.pdf",
            N_("check the signature and make the certificate"),
        ),
    ),
    "reprise report verify": (
        ("reprise report verify report.jws --key station.pub.pem", N_("is it genuine?")),
    ),
    "reprise report show": (
        ("reprise report show report.jws", N_("all that the report says")),
        ("reprise report show report.jws > report.json", N_("the same into a file")),
    ),
    "reprise report pdf": (
        (
            "reprise report pdf report.jws --key station.pub.pem -o certificate.pdf",
            N_("check the signature and make the certificate"),
        ),
        (
            "reprise report pdf report.jws -o certificate.pdf --lang en",
            N_("in English; it says that nothing was checked"),
        ),
    ),
    "reprise outbox": (
        ("reprise outbox status", N_("which reports wait, and why")),
        ("reprise outbox send", N_("try to send them now")),
    ),
    "reprise outbox status": (
        ("reprise outbox status", N_("which reports wait, and why")),
        ("reprise --data /media/REPRISE outbox status --json", N_("of a stick, for a program")),
    ),
    "reprise outbox send": (
        ("reprise outbox send", N_("try to send them now")),
        (
            "reprise --data /media/REPRISE outbox send",
            N_("the reports of a stick, from another PC"),
        ),
    ),
    "reprise outbox run": (("reprise outbox run", N_("what the station does behind its screen")),),
    "reprise station": (
        ("reprise station demo", N_("try the station on a made-up PC; nothing is erased")),
        ("reprise station run", N_("the station's screen on this terminal")),
    ),
    "reprise station run": (
        ("reprise station run", N_("the station's screen on this terminal")),
        ("reprise station run --linear", N_("in plain lines, for speech and braille")),
    ),
    "reprise station engine": (
        ("reprise station engine", N_("what erases, as the stick starts it")),
    ),
    "reprise station prepare": (
        ("reprise station prepare", N_("the first thing after the start from the stick")),
    ),
    "reprise station enroll": (
        (
            "reprise station enroll https://reprise.example.org BCDF-GHJK-LNPR-STVN",
            N_("join the server that made this code"),
        ),
        (
            "reprise --data /media/REPRISE station enroll --request request.jws",
            N_("of a stick, from another PC; the server answers with a file"),
        ),
        (
            "reprise --data /media/REPRISE station enroll --answer answer.jws",
            N_("take that answer"),
        ),
    ),
    "reprise station demo": (
        ("reprise station demo", N_("try the station on a made-up PC; nothing is erased")),
        (
            "reprise station demo --machine server --speed 600",
            N_("twelve drives, ten times as fast"),
        ),
        ("reprise station demo --fault unplugged --linear", N_("what a failure looks like")),
    ),
    "reprise install": (
        (
            "reprise install --drive /dev/sda --confirm WD-WCC4E1234567",
            N_("install the first system of this stick"),
        ),
        (
            "reprise install --drive /dev/sda --confirm WD-WCC4E1234567 --image debian-desktop"
            " --encrypt-for-owner",
            N_("the desktop; its new owner chooses the passphrase"),
        ),
    ),
    "reprise images": (
        ("reprise images list", N_("the systems of the stick that is plugged in")),
        (
            "reprise images add atelier.squashfs --name atelier --min-memory 2Gi --licence GPL-3.0",
            N_("copy a system of one's own onto it"),
        ),
    ),
    "reprise images add": (
        (
            "reprise images add atelier.squashfs --name atelier --min-memory 2Gi --licence GPL-3.0",
            N_("copy a system of one's own onto the stick"),
        ),
        (
            "reprise images add mint.img --name mint --min-memory 4Gi --licence GPL --to /mnt",
            N_("a whole-drive image, onto a stick that is mounted there"),
        ),
    ),
    "reprise images list": (
        ("reprise images list", N_("the systems of the stick that is plugged in")),
        ("reprise images list --folder /media/REPRISE", N_("of a stick that is mounted there")),
    ),
    "reprise images check": (("reprise images check", N_("read every system of the stick again")),),
    "reprise images remove": (("reprise images remove atelier", N_("make room on the stick")),),
    "reprise stick": (
        (
            "reprise stick write reprise.iso --device /dev/sdb",
            N_("write and check a stick; its serial number is asked for"),
        ),
    ),
    "reprise stick write": (
        (
            "reprise stick write reprise.iso --device /dev/sdb",
            N_("write and check a stick; its serial number is asked for"),
        ),
        (
            "reprise stick write reprise.iso --device /dev/sdb --settings station-1",
            N_("with the folder that “reprise enroll --out station-1” made"),
        ),
    ),
    "reprise netboot": (
        (
            "reprise netboot build/netboot --interface enp3s0",
            N_("beside the DHCP server of the network"),
        ),
        (
            "reprise netboot build/netboot --interface enp3s0 --dhcp-range 10.0.0.50,10.0.0.150",
            N_("on a network of its own, which has no DHCP server"),
        ),
    ),
    "reprise serve": (
        ("reprise serve", N_("on this machine, reports in a SQLite file")),
        (
            "reprise serve --port 8080 --database postgresql:///reprise",
            N_("reports in PostgreSQL"),
        ),
        ("reprise serve --demo", N_("try it: a year of made-up reports, gone at the end")),
    ),
    "reprise enroll": (
        (
            'reprise enroll --name "Atelier 1" --out station-1 --url https://reprise.example.org',
            N_("make a key and a folder for the stick of this station"),
        ),
        ('reprise enroll --name "Atelier 2" --key station.pub.pem', N_("a station that has a key")),
        (
            "reprise enroll --request request.jws --answer answer.jws",
            N_("a station without a network, by files"),
        ),
        ("reprise enroll --list", N_("which stations there are")),
    ),
    "reprise server": (
        ("reprise server check", N_("is it well, and each report as it was signed?")),
        ("reprise server backup reprise.tar", N_("all that it holds, while it runs")),
        (
            "reprise server take-over old.db --database new.db",
            N_("the reports of a server of version 0.1"),
        ),
    ),
    "reprise server take-over": (
        (
            "reprise server take-over old.db --database postgresql:///reprise",
            N_("the reports of a server of version 0.1"),
        ),
    ),
    "reprise server check": (
        ("reprise server check", N_("is it well, and each report as it was signed?")),
        ("reprise server check --quick", N_("without a look at each report")),
    ),
    "reprise server backup": (
        ("reprise server backup reprise.tar", N_("all that it holds, while it runs")),
    ),
    "reprise server restore": (
        (
            "reprise server restore reprise.tar --database new.db",
            N_("into a new file; then start the server with it"),
        ),
        (
            "reprise server restore reprise.tar --database postgresql:///new",
            N_("into an empty database, which “createdb new” made"),
        ),
    ),
    "reprise server createadmin": (
        (
            "reprise server createadmin --email alix@example.org",
            N_("write a link by which Alix becomes administrator"),
        ),
    ),
    "reprise server password": (
        (
            "reprise server password --email alix@example.org",
            N_("write a link by which Alix chooses a new password"),
        ),
    ),
    "reprise server upgrade": (
        ("reprise server upgrade", N_("after a backup beside the database")),
        (
            "reprise server upgrade --backup before.tar --database postgresql:///reprise",
            N_("of a PostgreSQL database"),
        ),
    ),
}
