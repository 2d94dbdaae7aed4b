"""The site, built as `make docs` builds it, in Debian's Chromium: at a desk's and a phone's width,
from its files, offline."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path

import pytest

from station_kit.places import TOP

SITE = TOP / "build" / "site"
LOOK = TOP / "docs" / "site" / "look.py"
PYTHON = TOP / ".venv-docs" / "bin" / "python"
BROWSER = Path("/usr/bin/chromium")


@pytest.fixture(scope="module")
def site() -> Path:
    made = subprocess.run(["make", "-C", TOP, "docs"], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr
    return SITE


def test_the_site_has_both_languages_and_a_page_that_chooses(site: Path) -> None:
    chooser = (site / "index.html").read_text("utf-8")
    for language in ("fr", "en"):
        assert f'href="{language}/index.html"' in chooser
        assert (site / language / "searchindex.js").stat().st_size > 10_000


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_bench_card_is_one_page_of_a4(site: Path, language: str) -> None:
    card = site / language / "bench-card.pdf"
    told = subprocess.run(["pdfinfo", card], capture_output=True, text=True, check=True).stdout
    facts = {
        key: value.strip() for key, _, value in (row.partition(":") for row in told.splitlines())
    }
    assert facts["Pages"] == "1"
    assert facts["Page size"].endswith("(A4)")
    words = subprocess.run(
        ["pdftotext", card, "-"], capture_output=True, text=True, check=True
    ).stdout
    assert "‹U+" not in words  # a letter that the fonts lack
    assert {"fr": "ÉCHEC", "en": "FAILED"}[language] in words


@pytest.mark.parametrize(
    ("broken", "told"),
    [
        ("[x](gone.md)", "gone.md"),
        ("[x](stick.md#nowhere)", "nowhere"),
        ("![x](images/gone.png)", "images/gone.png"),
    ],
)
def test_what_leads_nowhere_fails_the_build(
    site: Path, tmp_path: Path, broken: str, told: str
) -> None:
    docs = shutil.copytree(TOP / "docs", tmp_path / "docs")
    with (docs / "verify.md").open("a", encoding="utf-8") as page:
        page.write(f"\n{broken}\n")
    made = _build(docs, tmp_path / "site")
    assert made.returncode == 1
    assert told in made.stderr
    assert "en: Sphinx complained" in made.stderr
    assert "fr: Sphinx complained" not in made.stderr


def test_a_page_in_one_language_fails_the_build(site: Path, tmp_path: Path) -> None:
    docs = shutil.copytree(TOP / "docs", tmp_path / "docs")
    (docs / "verify.fr.md").unlink()
    made = _build(docs, tmp_path / "site")
    assert made.returncode == 1
    assert "docs/verify.fr.md: missing, as its other language is there" in made.stderr


def _build(docs: Path, into: Path) -> subprocess.CompletedProcess[str]:
    argv = [PYTHON, TOP / "docs" / "site" / "build.py", docs, into]
    return subprocess.run(argv, capture_output=True, text=True, check=False)


@pytest.mark.skipif(not BROWSER.exists(), reason="chromium is not installed here")
def test_every_page_can_be_read_and_searched_at_a_desk_and_on_a_phone(
    site: Path,
) -> None:
    done = subprocess.run([PYTHON, LOOK, site], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    seen = json.loads(done.stdout)
    assert seen["requests"] == seen["wide"] == seen["broken"] == seen["errors"] == []
    words = ("dégeler", "demarrage ecran", "thaw")
    assert seen["found"] == [f"{one} {size}" for size in ("desktop", "phone") for one in words]
