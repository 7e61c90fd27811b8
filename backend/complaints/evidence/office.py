"""Reading just enough of Office files to know them: zip-based ones, old OLE2 ones, plain text."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib

from backend.complaints.evidence.verdicts import Refused, Verdict

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
MAX_DIRECTORY_BYTES = 2 * 1024 * 1024  # ten thousand entries: far more than any letter or table
MAX_TYPES_BYTES = 1024 * 1024
MAX_UNPACKED_BYTES = 500 * 1024 * 1024
_EOCD = b"PK\x05\x06"
_EOCD_LENGTH = 22
_LONGEST_COMMENT = 65_535
_BROKEN_ZIP = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    EOFError,
    NotImplementedError,
    ValueError,
    RuntimeError,
)
_OPEN_XML = "application/vnd.openxmlformats-officedocument."
_OPEN_XML_KINDS = (
    ("wordprocessingml.document.main+xml", "wordprocessingml.document"),
    ("spreadsheetml.sheet.main+xml", "spreadsheetml.sheet"),
    ("presentationml.presentation.main+xml", "presentationml.presentation"),
)
_OLE_KINDS = (
    ("WordDocument", "application/msword"),
    ("Workbook", "application/vnd.ms-excel"),
    ("Book", "application/vnd.ms-excel"),
    ("PowerPoint Document", "application/vnd.ms-powerpoint"),
)
_OLE_MACROS = frozenset({"VBA", "_VBA_PROJECT", "_VBA_PROJECT_CUR", "Macros"})
_OLE_LAST_SECTOR = 0xFFFFFFFA  # above it stand marks: end of chain, free, FAT
_MARKUP = ("<html", "<script", "<!doctype", "<svg", "<?php", "<?xml", "#!/", "<%")


def zip_directory_size(data: bytes) -> int | None:
    """Bytes of the central directory when the data ends as a zip archive does; None otherwise.

    An archive may stand at the end of any other file, so this finds hidden ones too.
    """
    tail_start = max(0, len(data) - _EOCD_LENGTH - _LONGEST_COMMENT)
    at = data.rfind(_EOCD, tail_start)
    while at >= tail_start and at != -1:
        if at + _EOCD_LENGTH <= len(data):
            size = int(struct.unpack_from("<I", data, at + 12)[0])
            if size == 0xFFFFFFFF or data[max(0, at - size) : at].startswith(b"PK\x01\x02"):
                return size
        at = data.rfind(_EOCD, tail_start, at)
    return None


def judge_zip(data: bytes) -> Verdict:
    """A Word, Excel or PowerPoint file without macros or password; Refused for other archives."""
    size = zip_directory_size(data)
    if size is None:
        raise Refused("archive")
    if size > MAX_DIRECTORY_BYTES:
        raise Refused("bomb")
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            types = _content_types(archive)
    except _BROKEN_ZIP as error:
        raise Refused("archive") from error
    if "macroenabled" in types.lower() or "vbaproject" in types.lower():
        raise Refused("macro")
    for main_part, mime in _OPEN_XML_KINDS:
        if main_part in types:
            return Verdict("office", _OPEN_XML + mime)
    raise Refused("archive")


def _content_types(archive: zipfile.ZipFile) -> str:
    entries = archive.infolist()
    if any(entry.flag_bits & 1 for entry in entries):
        raise Refused("encrypted")
    names = {entry.filename for entry in entries}
    if "[Content_Types].xml" not in names:
        raise Refused("archive")
    if any(name.lower().endswith("vbaproject.bin") for name in names):
        raise Refused("macro")
    if sum(entry.file_size for entry in entries) > MAX_UNPACKED_BYTES:
        raise Refused("bomb")
    with archive.open("[Content_Types].xml") as stream:
        # declared sizes may lie: never inflate more than this
        text = stream.read(MAX_TYPES_BYTES + 1)
    if len(text) > MAX_TYPES_BYTES:
        raise Refused("bomb")
    return text.decode("utf-8-sig")


def judge_ole(data: bytes) -> Verdict:
    """An old Word, Excel, PowerPoint or WPS file without macros or password; Refused otherwise."""
    names = ole_names(data)
    if "EncryptedPackage" in names:
        raise Refused("encrypted")
    if names & _OLE_MACROS:
        raise Refused("macro")
    for name, mime in _OLE_KINDS:
        if name in names:
            return Verdict("office", mime)
    raise Refused("unknown")


def ole_names(data: bytes) -> frozenset[str]:
    """Names in the directory of an OLE2 file; Refused("unknown") when it cannot be read."""
    try:
        shift = struct.unpack_from("<H", data, 30)[0]
        if shift not in (9, 12):
            raise Refused("unknown")
        return frozenset(_ole_entries(data, 1 << shift))
    except struct.error as error:
        raise Refused("unknown") from error


def _ole_entries(data: bytes, sector_size: int) -> list[str]:
    names = []
    for sector in _ole_chain(data, sector_size, struct.unpack_from("<I", data, 48)[0]):
        start = (sector + 1) * sector_size
        for at in range(start, min(start + sector_size, len(data) - 127), 128):
            length = struct.unpack_from("<H", data, at + 64)[0]
            if 2 <= length <= 64:
                names.append(data[at : at + length - 2].decode("utf-16-le", errors="replace"))
    return names


def _ole_chain(data: bytes, sector_size: int, first: int) -> list[int]:
    """The sectors of the directory in order; ends at a mark, at a loop, or past the file."""
    fat_sectors = struct.unpack_from("<109I", data, 76)
    per_sector = sector_size // 4
    chain: list[int] = []
    seen: set[int] = set()
    sector = first
    most = min(_OLE_LAST_SECTOR, len(data) // sector_size - 1)
    while sector < most and sector not in seen:
        seen.add(sector)
        chain.append(sector)
        index, place = divmod(sector, per_sector)
        if index >= len(fat_sectors) or fat_sectors[index] >= _OLE_LAST_SECTOR:
            break
        table_start = (fat_sectors[index] + 1) * sector_size
        sector = struct.unpack_from("<I", data, table_start + place * 4)[0]
    return chain


def judge_text(data: bytes) -> Verdict:
    """Plain text or CSV in UTF-8 or GB18030; Refused when it is binary, markup or a script."""
    text = _decoded(data)
    if any(ord(c) < 32 and c not in "\t\r\n" for c in text) or "\x7f" in text:
        raise Refused("unknown")
    opening = text[:4096].lower()
    if any(mark in opening for mark in _MARKUP):
        raise Refused("unknown")
    return Verdict("office", "text/plain")


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    raise Refused("unknown")
