"""What people leave on drives, to be hidden in noise: each kind as one long run of bytes."""

from __future__ import annotations

import base64
import io
import lzma
import math
import zlib
from pathlib import Path
from random import Random

from PIL import Image, ImageFilter, _imaging

from station_kit.places import TOP

_FRENCH = (
    "Madame, Monsieur, à la suite de votre courrier du 3 février, le conseil municipal a décidé "
    "d’accorder à l’école élémentaire les vingt ordinateurs réformés du service d’état civil. "
    "Les élèves de la classe de CM2 pourront ainsi préparer leur exposé sur l’été, la forêt et "
    "le pêcheur ; nous vous prions de bien vouloir nous rappeler l’âge et le prénom de chacun, "
    "ainsi que le numéro de téléphone où joindre les parents après dix-huit heures. Où que vous "
    "soyez, gardez ces papiers : le dossier nº 4 711 n’est plus consultable en mairie. Veuillez "
    "agréer, Madame, Monsieur, l’expression de nos salutations distinguées. Le maire adjoint.\n"
)
_SOURCE = b"".join(path.read_bytes() for path in sorted((TOP / "app/reprise/domain").rglob("*.py")))


def seeded(seed: int) -> Random:
    return Random(seed)  # noqa: S311 - a test that can be repeated


def texts(rnd: Random) -> dict[str, bytes]:
    """Of each of these one sector of 512 bytes must be found."""
    secret = rnd.randbytes(48 << 10)
    return {
        "French": (_FRENCH * 90).encode(),
        "French, Latin-1": (_FRENCH.replace("’", "'") * 90).encode("latin-1", "replace"),
        "French, UTF-16": (_FRENCH * 90).encode("utf-16-le"),
        "Greek": ("Ήρθε ο καιρός να φύγουμε, είπε η μητέρα και έκλεισε την πόρτα. " * 500).encode(),
        "digits": bytes(rnd.choices(b"0123456789", k=64 << 10)),
        "hex": secret.hex().encode(),
        "base64": base64.b64encode(secret),
        "base64 in lines": base64.encodebytes(secret),
        "base85": base64.b85encode(secret),
        "source code": _SOURCE,
        "table of numbers": b"".join(
            b"%d;%.2f;%s\n" % (n, rnd.random(), b"oui") for n in range(4000)
        ),
        "FAT16 chain": b"".join(n.to_bytes(2, "little") for n in range(3, 40_000)),
        "FAT32 chain": b"".join(n.to_bytes(4, "little") for n in range(3, 20_000)),
    }


def coarse(rnd: Random) -> dict[str, bytes]:
    """Of these a few sectors may pass for noise; 4 KiB must not."""
    return {
        "machine code": Path(_imaging.__file__).read_bytes()[128 << 10 : 640 << 10],
        "sound": b"".join(
            int(9000 * math.sin(n / 17) + 3000 * math.sin(n / 5.3) + rnd.gauss(0, 500)).to_bytes(
                2, "little", signed=True
            )
            for n in range(64 << 10)
        ),
        "bitmap": picture(rnd).tobytes(),
    }


def picture(rnd: Random) -> Image.Image:
    """Like a photograph: surfaces, edges, and the grain of a sensor."""
    scene = Image.effect_mandelbrot((640, 480), (-2.0, -1.2, 0.6, 1.2), 60).convert("RGB")
    grain = Image.frombytes("RGB", (640, 480), rnd.randbytes(3 * 640 * 480))
    return Image.blend(scene.filter(ImageFilter.GaussianBlur(2)), grain, 0.06)


def compressed(rnd: Random) -> dict[str, bytes]:
    """Bodies, without the headers."""
    jpeg, png = io.BytesIO(), io.BytesIO()
    picture(rnd).resize((1280, 960)).save(jpeg, "JPEG", quality=92)
    picture(rnd).save(png, "PNG")
    return {
        "JPEG": jpeg.getvalue()[2048:],
        "PNG": png.getvalue()[2048:],
        "ZIP": zlib.compress(_SOURCE + coarse(rnd)["machine code"])[512:],
    }


def xz() -> bytes:
    return lzma.compress(_SOURCE)[512:]


def noise_with(rnd: Random, data: bytes, length: int, size: int) -> bytearray:
    """`size` bytes of noise, and in it `length` bytes of `data`; both from a sector's start."""
    whole = bytearray(rnd.randbytes(size))
    at = rnd.randrange((size - length) // 512 + 1) * 512
    since = rnd.randrange((len(data) - length) // 512 + 1) * 512
    whole[at : at + length] = data[since : since + length]
    return whole
