"""The picture of a certificate for the README: the first page that documents/ makes of a made-up
report, marked as a specimen. `make screenshots` renews it; needs pdftoppm (poppler-utils)."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

import reportlab
from PIL import Image, ImageDraw, ImageFont

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "tests"))

from reprise.documents.certificate import certificate_pdf
from unit.documents.test_certificate import CHECKED
from unit.domain.pc import samples

ROOT = Path(__file__).resolve().parents[2]
WORDS = {"fr": "SPÉCIMEN", "en": "SPECIMEN"}
_DPI = 110
_FONT = Path(reportlab.__file__).parent / "fonts" / "VeraBd.ttf"


def picture(language: str) -> Image.Image:
    with tempfile.TemporaryDirectory() as folder:
        pdf = Path(folder) / "certificate.pdf"
        pdf.write_bytes(certificate_pdf(samples.good_report(), lang=language, proof=CHECKED))
        drawn = Path(folder) / "page"
        argv = ["pdftoppm", "-r", str(_DPI), "-png", "-singlefile", str(pdf), str(drawn)]
        subprocess.run(argv, check=True)
        page = Image.open(drawn.with_suffix(".png")).convert("RGBA")
    mark = Image.new("RGBA", page.size, (0, 0, 0, 0))
    font = ImageFont.truetype(str(_FONT), page.width // 8)
    middle = (page.width // 2, page.height // 2)
    ImageDraw.Draw(mark).text(middle, WORDS[language], (160, 28, 28, 70), font, anchor="mm")
    turned = mark.rotate(52, Image.Resampling.BICUBIC)
    return Image.alpha_composite(page, turned).convert("RGB").quantize(32)


if __name__ == "__main__":
    for spoken in WORDS:
        target = ROOT / "docs" / "images" / f"certificate.{spoken}.png"
        picture(spoken).save(target, optimize=True)
        print(f"{target}: {target.stat().st_size // 1024} KiB")
