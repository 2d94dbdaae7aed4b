"""What a program that reads a paper aloud is told of it, as poppler reads the file."""

from __future__ import annotations

import re
import subprocess
import zlib
from base64 import a85decode
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from reportlab.platypus import BaseDocTemplate, PageTemplate, Paragraph

from reprise import i18n, wording
from reprise.documents import certificate, parts, style
from reprise.documents.certificate import certificate_pdf, specimen_pdf
from reprise.documents.pages import numbered_canvas
from reprise.documents.tagged_parts import DataTable
from reprise.documents.text import register_fonts
from reprise.domain.report.report import DEMO_SCHEMA, Report
from reprise.domain.report.shortening import brief
from unit.documents.paper_samples import PAPERS
from unit.documents.test_certificate import CHECKED, words
from unit.documents.test_long_texts import every_text
from unit.domain.pc import samples

pytestmark = pytest.mark.processes
_FEET = style.PAGE[1] - style.FOOT  # points from the top


LONG: dict[str, Callable[[], Report]] = {
    "long word": lambda: every_text(PAPERS["long-way"](), "W" * 4096, 3),
    "long texts": lambda: every_text(PAPERS["half-known"](), "mot, " * 800, 3),
    "many": lambda: samples.many_report(20),
    "checked": samples.checked_report,
}
SAMPLES = {**PAPERS, **LONG}
_QUICK = [("half-known", "fr"), ("long texts", "en")]
_SLOW = [
    pytest.param(name, lang, marks=pytest.mark.whole)
    for name in SAMPLES
    for lang in i18n.LANGUAGES
    if (name, lang) not in _QUICK
]


def told(pdf: bytes, folder: Path, *argv: str) -> str:
    (folder / "paper.pdf").write_bytes(pdf)
    done = subprocess.run(
        [*argv, folder / "paper.pdf", *("-",)[: argv[0] == "pdftotext"]],
        capture_output=True,
        check=True,
    )
    assert not done.stderr, "a file without faults"
    return done.stdout.decode()


def elements(pdf: bytes, folder: Path) -> list[tuple[str, list[str]]]:
    """In reading order each element's tag, and its own attributes and words."""
    found: list[tuple[str, list[str]]] = []
    depth: list[int] = []
    for line in told(pdf, folder, "pdfinfo", "-struct-text").splitlines():
        bare = line.strip()
        if bare.startswith(("/", '"')):
            found[-1][1].append(bare)
        else:
            found.append((re.sub(r"( \(\w+\))?:?$", "", bare), []))
            depth.append(len(line) - len(bare))
    return found


def said(found: Sequence[tuple[str, list[str]]], but: str = "") -> list[str]:
    """The words, without those of the tag `but`. An element has a piece on each of its pages."""
    each = ([text[1:-1] for text in own if text[0] == '"'] for tag, own in found if tag != but)
    return " ".join("".join(pieces) for pieces in each).split()


def differ(told: Sequence[str], expected: Sequence[str]) -> tuple[str, str] | None:
    """Where they begin to. Not how these words are parted: a text knows nothing of its own <br/>.
    pytest's own comparison of so much takes minutes."""
    one, other = "".join(told), "".join(expected)
    if one == other:
        return None
    at = next((n for n, (a, b) in enumerate(zip(one, other, strict=False)) if a != b), -20)
    return one[at : at + 20], other[at : at + 20]


def _tables(flowables: Any) -> Iterator[DataTable]:
    for one in flowables:
        if isinstance(one, DataTable):
            yield one
        yield from _tables(getattr(one, "_content", []))


def story(report: Report, lang: str) -> list[Any]:
    register_fonts()
    with i18n.using(lang):
        return certificate._story(report, wording.report_title(report), CHECKED)


@pytest.mark.parametrize(("name", "lang"), [*_QUICK, *_SLOW])
def test_all_that_is_written_is_told_once_and_in_its_order(
    name: str, lang: str, tmp_path: Path
) -> None:
    report = SAMPLES[name]()
    pdf = certificate_pdf(report, lang=lang, proof=CHECKED)
    assert re.search("Tagged: +yes", told(pdf, tmp_path, "pdfinfo"))
    found = elements(pdf, tmp_path)
    short = brief(report)
    expected = words(short, lang).split()
    assert not differ(said(found, but="Lbl"), expected)
    whole = ("-x", "0", "-y", "0", "-W", str(round(style.PAGE[0])), "-H", str(round(_FEET)))
    seen = Counter(told(pdf, tmp_path, "pdftotext", "-raw", *whole).split())
    tables = [*_tables(story(short, lang))]
    again = {word for table in tables if table.repeatRows for word in _head(table)}
    if name == "long word":  # which pdftotext tells in pieces
        assert len(max(said(found), key=len)) == len(max(expected, key=len))
    else:
        more, less = Counter(said(found)) - seen, seen - Counter(said(found))
        assert not list(more)[:9]
        assert not list(set(less) - again)[:9], "but for heads that come again on another page"
    # Nothing that is torn over pages is told as two things.
    tags = Counter(tag for tag, _own in found)
    assert tags["Table"] == len(tables)
    assert tags["TR"] == sum(table._nrows for table in tables)
    assert tags["LI"] == tags["Lbl"] == tags["LBody"] == len(_bullets(story(short, lang)))


def _head(table: DataTable) -> list[str]:
    cells = (cell.getPlainText() for cell in table._cellvalues[0])
    return " ".join(cells).split()


def _bullets(flowables: Any) -> list[Paragraph]:
    return [one for one in flowables if isinstance(one, Paragraph) and one.bulletText]


def torn(pdf: bytes) -> list[str]:
    """The tags of what has words on several pages."""
    objects = re.findall(r"obj\n(.*?)endobj", pdf.decode("latin-1"), re.S)
    return [re.findall(r"/S /(\w+)", one)[0] for one in objects if "/MCR" in one]


def test_a_point_that_is_torn_over_pages_is_one() -> None:
    pdf = certificate_pdf(LONG["long word"](), lang="en", proof=CHECKED)
    assert set(torn(pdf)) == {"LBody"}  # and the test above counts them


def test_a_row_that_is_torn_over_pages_is_one(tmp_path: Path) -> None:
    register_fonts()
    reasons = [parts.text(f"reason {n} of 120") for n in range(120)]
    verdict, long = parts.text("REFUSED"), parts.text("one word " * 3000, style.CELL)
    rows = [(verdict, reasons), ([parts.text("FAILED")], long), ("3", "end")]
    out = BytesIO()
    made = BaseDocTemplate(out, pagesize=style.PAGE, invariant=1)
    made.addPageTemplates(PageTemplate(frames=[certificate._frame()]))
    grid = parts.grid(("Verdict", "Done"), rows, (60, 200))
    made.build([grid], canvasmaker=numbered_canvas("foot", "{page} of {pages}"))
    found = elements(out.getvalue(), tmp_path)
    tags = [tag for tag, _own in found]
    lines = ["TR", "TH", "TH", "TR", "TD", "TD", *("P",) * 120, *("TR", "TD", "TD") * 2]
    assert not differ(tags, ["Document", "Table", *lines])
    assert torn(out.getvalue()) == ["TD"]
    each = " ".join(f"reason {n} of 120" for n in range(120))
    expected = f"Verdict Done REFUSED {each} FAILED {'one word ' * 3000} 3 end"
    assert not differ([" ".join(said(found))], [" ".join(expected.split())])


def test_titles_are_told_with_their_rank(tmp_path: Path) -> None:
    found = elements(certificate_pdf(samples.good_report(), lang="fr", proof=CHECKED), tmp_path)
    titles = [(tag, " ".join(said([(tag, own)]))) for tag, own in found if re.match("H[1-9]", tag)]
    assert titles == [
        ("H1", "Certificat d’effacement"),
        ("H2", "Ordinateur"),
        ("H2", "Disques"),
        ("H2", "Personnes"),
        ("H2", "Détail de chaque disque"),
        ("H3", "1. ST500LM021-1KJ152 – N° de série W62A0001"),
        ("H4", "Tentative 1 – Vérifié"),
        ("H3", "2. SAMSUNG MZVLB256HAHQ-000L7 – N° de série S41GNX0M123456"),
        ("H4", "Tentative 1 – Vérifié"),
        ("H3", "3. Cruzer Blade – N° de série 4C530001230523115225"),
        ("H2", "Système installé ensuite"),
        ("H2", "Authenticité"),
    ]


def test_heads_of_rows_and_columns_are_told_as_such(tmp_path: Path) -> None:
    found = elements(certificate_pdf(samples.checked_report(), lang="en", proof=CHECKED), tmp_path)
    cells = {(tag, *own) for tag, own in found if tag in ("TH", "TD")}
    assert {
        ("TH", "/Scope /Row", '"Manufacturer"'),
        ("TD", '"Dell Inc."'),
        ("TH", "/Scope /Row", '"Asset tag"'),
        ("TH", "/Scope /Column", '"Technique"'),
        ("TH", "/ColSpan 2", "/Scope /Column", '"Erasure and verification"'),
        ("TH", "/Scope /Row", '"Signature"'),
        ("TH", "/Scope /Column", '"What was seen and measured"'),
    } <= cells
    assert ("TH", "/Scope /Row", '""') not in cells, "an empty cell is no head"
    at = found.index(("TH", ["/ColSpan 2", "/Scope /Column", '"Erasure and verification"']))
    boxes = [tag for tag, _own in found[at + 2 : at + 12]]
    assert boxes == ["TR", *("TH", "TD") * 2] * 2, "the gap between both boxes is no column"


@pytest.mark.parametrize(("lang", "code"), [("en", "QR code: "), ("fr", "Code QR\u00a0: ")])
def test_the_picture_says_what_it_holds(lang: str, code: str, tmp_path: Path) -> None:
    pdf = certificate_pdf(samples.good_report(), lang=lang, proof=CHECKED)
    number = f"urn:uuid:{samples.REPORT_ID}?+sha256={CHECKED.sha256}"
    (alternative,) = re.findall(rb"/Alt \((.*?)\) ", pdf)
    raw = alternative.decode("unicode_escape").encode("latin-1")
    assert raw.decode("utf-16" if raw[:2] == b"\xfe\xff" else "latin-1") == code + number
    (own,) = [own for tag, own in elements(pdf, tmp_path) if tag == "Figure"]
    assert re.match(r"/BBox \[470\.\d+ 725\.\d+ 547\.\d+ 802\.\d+\]", own[0])
    assert own[1:] == ['""'], "what is drawn belongs to it"
    assert b"/DisplayDocTitle true" in pdf


_PAINTS = {*("Tj", "TJ", "'", '"'), *("S", "s", "f", "f*", "B", "B*", "b", "b*", "sh", "Do")}


@pytest.mark.parametrize("name", ["half-known", "many"])
def test_nothing_is_painted_that_is_neither_told_nor_named_as_no_text(name: str) -> None:
    pdf = certificate_pdf(SAMPLES[name](), lang="en", proof=CHECKED)
    pages = [page for page in _streams(pdf) if b" BDC" in page]
    assert len(pages) == len(re.findall(rb"/StructParents \d", pdf)) > 1
    for page in pages:
        depth = painted = 0
        for token in re.sub(rb"\((\\.|[^\\()])*\)", b"", page).decode("latin-1").split():
            depth += (token in ("BDC", "BMC")) - (token == "EMC")
            assert depth in (0, 1), "no mark within another"
            assert depth or token not in _PAINTS
            painted += token in _PAINTS
        assert depth == 0 < painted


def test_each_mark_leads_to_its_element() -> None:
    """As a program finds it that was asked what stands at a place of a page."""
    pdf = certificate_pdf(SAMPLES["long word"](), lang="fr", proof=CHECKED)
    text = pdf.decode("latin-1")
    objects = dict(re.findall(r"(\d+) 0 obj\n(.*?)endobj", text, re.S))
    (nums,) = re.findall(r"/ParentTree <<\s*/Nums \[(.*?)\]\s*>>", text, re.S)
    leads = {
        int(page): [re.findall(r"/S /(\w+)", objects[one])[0] for one in listed.split()[::3]]
        for page, listed in re.findall(r"(\d+) \[(.*?)\]", nums + "]", re.S)
    }
    marks = [
        re.findall(r"/(\w+) <</MCID (\d+)>> BDC", page.decode("latin-1"))
        for page in _streams(pdf)
        if b" BDC" in page
    ]
    assert [int(n) for n in re.findall(r"/StructParents (\d+)", text)] == [*range(len(marks))]
    assert leads == {n: [tag for tag, _mark in page] for n, page in enumerate(marks)}
    assert all([int(n) for _tag, n in page] == [*range(len(page))] for page in marks)


def _streams(pdf: bytes) -> Iterator[bytes]:
    for coded in re.findall(
        rb"/Filter \[ /ASCII85Decode /FlateDecode \].*?stream\r?\n(.*?)~>", pdf, re.S
    ):
        yield zlib.decompress(a85decode(coded))


def test_a_specimen_s_stamp_is_not_read_aloud_on_each_page(tmp_path: Path) -> None:
    report = replace(samples.good_report(), schema=DEMO_SCHEMA)
    found = elements(specimen_pdf(report, lang="en"), tmp_path)
    assert not differ(said(found, but="Lbl"), words(report, proof=None).split())
