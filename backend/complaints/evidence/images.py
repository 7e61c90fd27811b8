"""Making the copy of a picture that people look at: small, upright, without place or camera."""

from __future__ import annotations

import io
import threading

import pillow_heif
from PIL import Image, ImageOps

from backend.complaints.evidence.verdicts import Refused

MAX_PIXELS = 64_000_000  # phones take 12 to 50 million; more would fill the machine's memory
VIEW_SIDE = 2560
VIEW_QUALITY = 80
VIEW_MIME = "image/jpeg"
_FORMATS = {
    "image/jpeg": "JPEG",
    "image/png": "PNG",
    "image/gif": "GIF",
    "image/webp": "WEBP",
    "image/heic": "HEIF",
}

pillow_heif.register_heif_opener()
Image.MAX_IMAGE_PIXELS = MAX_PIXELS

# a decoded picture takes up to 200 MB: two at a time are enough for two processors
_slots = threading.BoundedSemaphore(2)


def view_copy(data: bytes, mime: str) -> bytes:
    """A JPEG of at most 2560 pixels a side, turned upright, with no metadata at all.

    `mime` is what the judge found. Refused("too_many_pixels") before anything is decoded,
    Refused("broken_image") when the picture cannot be read to its end.
    """
    with _slots:
        try:
            return _encoded(data, _FORMATS[mime])
        except (Refused, MemoryError):
            raise
        except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
            raise Refused("too_many_pixels") from error
        except Exception as error:  # readers of hostile pictures fail in every possible way
            raise Refused("broken_image") from error


def _encoded(data: bytes, picture_format: str) -> bytes:
    with Image.open(io.BytesIO(data), formats=[picture_format]) as picture:
        if picture.width * picture.height > MAX_PIXELS:
            raise Refused("too_many_pixels")
        picture.draft("RGB", (VIEW_SIDE, VIEW_SIDE))  # JPEG decodes small at once
        picture.thumbnail((VIEW_SIDE, VIEW_SIDE))
        upright = ImageOps.exif_transpose(picture)
        clean = _flat(upright)
    out = io.BytesIO()
    clean.save(out, "JPEG", quality=VIEW_QUALITY)
    return out.getvalue()


def _flat(picture: Image.Image) -> Image.Image:
    """The pixels alone on white: a new picture carries no comment, EXIF or colour profile."""
    if picture.mode.startswith("I;16"):
        # Pillow would cut 16-bit grey at 255, which turns a scan white
        picture = picture.convert("I").point(lambda value: value / 256).convert("L")
    clean = Image.new("RGB", picture.size, "white")
    if picture.has_transparency_data:
        layer = picture.convert("RGBA")
        clean.paste(layer, mask=layer.getchannel("A"))
    else:
        clean.paste(picture.convert("RGB"))
    return clean
