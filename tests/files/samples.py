"""Real little files for the evidence tests: pictures, sounds, films, letters, and wicked ones."""

from __future__ import annotations

import io
import struct
import wave
import zipfile
import zlib

from PIL import Image

WORD_MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
SHEET_MAIN = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"
SLIDES_MAIN = "application/vnd.openxmlformats-officedocument.presentationml.presentation.main+xml"
MACRO_MAIN = "application/vnd.ms-word.document.macroEnabled.main+xml"


def picture(
    picture_format: str = "JPEG", size: tuple[int, int] = (64, 48), **options: object
) -> bytes:
    """A red picture in one of Pillow's formats (HEIF needs pillow-heif registered)."""
    out = io.BytesIO()
    Image.new("RGB", size, (200, 30, 30)).save(out, picture_format, **options)
    return out.getvalue()


def photo_with_place(size: tuple[int, int] = (80, 40), picture_format: str = "JPEG") -> bytes:
    """A photo that knows its place, camera and that it lies on its side."""
    image = Image.new("RGB", size, (10, 120, 200))
    exif = Image.Exif()
    exif[0x0112] = 6  # turn a quarter to stand upright
    exif[0x010F] = "SecretCamera"
    gps = exif.get_ifd(0x8825)
    gps[1], gps[2], gps[3], gps[4] = "N", (22.0, 34.0, 12.0), "E", (113.0, 5.0, 9.0)
    out = io.BytesIO()
    image.save(out, picture_format, exif=exif, quality=90)
    return out.getvalue()


def huge_png(width: int = 10_000, height: int = 10_000) -> bytes:
    """A whole, honest PNG of many megapixels and few bytes (one bit a pixel)."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return (
            struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))
        )

    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress((b"\x00" * (1 + (width + 7) // 8)) * height, 9)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")
    )


def pdf() -> bytes:
    """The smallest page a reader opens."""
    return (
        b"%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n"
        b"2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj\n"
        b"3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 100 100]>>endobj\n"
        b"trailer<</Root 1 0 R>>\n%%EOF\n"
    )


def wav() -> bytes:
    """A tenth of a second of silence."""
    out = io.BytesIO()
    with wave.open(out, "wb") as sound:
        sound.setnchannels(1)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(b"\x00\x00" * 800)
    return out.getvalue()


def mp3(*, with_tag: bool = False) -> bytes:
    """Three frames of layer III, 128 kbit/s at 44.1 kHz, 417 bytes each."""
    frames = (b"\xff\xfb\x90\x00" + b"\x00" * 413) * 3
    return (b"ID3\x04\x00\x00\x00\x00\x00\x0a" + b"\x00" * 10 if with_tag else b"") + frames


def aac() -> bytes:
    """Two ADTS frames of 16 bytes."""
    return (b"\xff\xf1\x50\x80" + bytes([16 >> 3, (16 & 7) << 5]) + b"\xfc" + b"\x00" * 9) * 2


def media(brand: bytes, *handlers: bytes) -> bytes:
    """An ISO media file: its brand, and a track handler for each kind of track."""
    head = b"ftyp" + brand + b"\x00\x00\x02\x00" + brand + b"mp42"
    body = b"".join(b"\x00\x00\x00\x18hdlr" + b"\x00" * 8 + kind + b"\x00" * 4 for kind in handlers)
    return (
        struct.pack(">I", len(head) + 4) + head + struct.pack(">I", len(body) + 8) + b"moov" + body
    )


def webm() -> bytes:
    """The beginning of a WebM film."""
    return b"\x1a\x45\xdf\xa3\x93\x42\x82\x88webm" + b"\x00" * 64


def archive(files: dict[str, bytes]) -> bytes:
    """A zip archive."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, body in files.items():
            packed.writestr(name, body)
    return out.getvalue()


def open_xml(main: str = WORD_MAIN, files: dict[str, bytes] | None = None) -> bytes:
    """A Word, Excel or PowerPoint file as far as its kind goes."""
    types = f'<?xml version="1.0"?><Types><Override ContentType="{main}"/></Types>'
    own = {"[Content_Types].xml": types.encode(), "word/document.xml": b"<w/>"}
    return archive(own | (files or {}))


def locked_zip() -> bytes:
    """A zip whose entries say they need a password."""
    data = bytearray(archive({"[Content_Types].xml": b"x", "a.txt": b"secret"}))
    at = data.find(b"PK\x01\x02")
    while at != -1:
        data[at + 8] |= 1
        at = data.find(b"PK\x01\x02", at + 4)
    return bytes(data)


def ole(*names: str) -> bytes:
    """An old Office file with these entries in its directory."""
    header = bytearray(512)
    header[:8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    struct.pack_into("<H", header, 30, 9)
    struct.pack_into("<I", header, 48, 1)  # the directory begins in sector 1
    struct.pack_into("<109I", header, 76, 0, *([0xFFFFFFFF] * 108))
    entries = b"".join(_ole_entry(name) for name in ("Root Entry", *names))
    count = -(-len(entries) // 512)
    following = [*range(2, count + 1), 0xFFFFFFFE]
    fat = [0xFFFFFFFD, *following] + [0xFFFFFFFF] * (127 - len(following))
    return bytes(header) + struct.pack("<128I", *fat) + entries.ljust(count * 512, b"\x00")


def _ole_entry(name: str) -> bytes:
    text = (name + "\x00").encode("utf-16-le")
    return text.ljust(64, b"\x00") + struct.pack("<H", len(text)) + b"\x00" * 62
