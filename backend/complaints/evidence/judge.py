"""Saying what a file is from its bytes alone, never from its name; hidden second files refused.

Pure. Pictures that pass are encoded anew before anyone looks at them (images.py); every other
file, and every original, is only ever handed out as a download.
"""

from __future__ import annotations

import re

from backend.complaints.evidence import office
from backend.complaints.evidence.verdicts import Refused, Verdict

_HEAD = 1024  # browsers and PDF readers look no further than this for a beginning
_MARKUP_AT_HEAD = re.compile(rb"<(html|script|!doctype|svg|\?php|iframe)", re.IGNORECASE)
# searched through whole pictures, so long enough not to turn up in one by chance
_MARKUP = re.compile(rb"<(html[\s>]|script[\s>]|!doctype html|\?php\s)", re.IGNORECASE)
_HEIC = frozenset({b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"})
_MP4 = frozenset(
    {b"isom", b"iso2", b"iso3", b"iso4", b"iso5", b"iso6", b"mp41", b"mp42", b"avc1", b"M4V ",
     b"M4VH", b"M4VP", b"MSNV", b"dash", b"mmp4", b"f4v "}
)  # fmt: skip
_M4A = frozenset({b"M4A ", b"M4B ", b"F4A "})
_MP3_RATES = (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320)
_MP3_RATES_LOW = (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160)
_MP3_HERTZ = (44_100, 48_000, 32_000)
_MOST_JUNK = 4096  # recorders leave a little padding before the first MP3 frame


def judge(data: bytes) -> Verdict:
    """The kind and type of a whole file; Refused with the reason code when it cannot be taken."""
    if not data:
        raise Refused("empty")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return office.judge_zip(data)
    verdict = _picture(data) or _pdf(data) or _sound(data) or _moving(data) or _old_office(data)
    verdict = verdict or office.judge_text(data)
    _refuse_mixed(data, verdict)
    return verdict


def _picture(data: bytes) -> Verdict | None:
    if data.startswith(b"\xff\xd8\xff"):
        return Verdict("image", "image/jpeg")
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return Verdict("image", "image/png")
    if data.startswith((b"GIF87a", b"GIF89a")):
        return Verdict("image", "image/gif")
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return Verdict("image", "image/webp")
    if _HEIC & set(_brands(data)):
        return Verdict("image", "image/heic")
    return None


def _pdf(data: bytes) -> Verdict | None:
    if not data.startswith(b"%PDF-"):
        return None
    if b"%%EOF" not in data[-_HEAD:]:
        # a cut-off file, or something hung on behind its end
        raise Refused("mixed" if b"%%EOF" in data else "unknown")
    return Verdict("pdf", "application/pdf")


def _sound(data: bytes) -> Verdict | None:
    if data.startswith((b"#!AMR\n", b"#!AMR-WB\n")):
        return Verdict("audio", "audio/amr")
    if data.startswith((b"\x02#!SILK_V3", b"#!SILK_V3")):
        return Verdict("audio", "audio/silk")
    if data[:4] == b"RIFF" and data[8:12] == b"WAVE":
        return Verdict("audio", "audio/wav")
    if data.startswith(b"OggS\x00"):
        return Verdict("audio", "audio/ogg")
    if _is_adts(data):
        return Verdict("audio", "audio/aac")
    if _is_mp3(data):
        return Verdict("audio", "audio/mpeg")
    return None


def _moving(data: bytes) -> Verdict | None:
    brands = _brands(data)
    if brands:
        return _mp4_family(brands[0], data)
    if data.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in data[:80]:
        return Verdict("video", "video/webm")
    return None


def _old_office(data: bytes) -> Verdict | None:
    return office.judge_ole(data) if data.startswith(office.OLE_SIGNATURE) else None


def _brands(data: bytes) -> list[bytes]:
    """Brands of an ISO media file, the main one first; empty when it is none."""
    length = int.from_bytes(data[:4], "big")
    if data[4:8] != b"ftyp" or not 16 <= length <= min(len(data), 256):
        return []
    return [data[8:12]] + [data[at : at + 4] for at in range(16, length - 3, 4)]


def _mp4_family(brand: bytes, data: bytes) -> Verdict | None:
    if brand in _M4A:
        return Verdict("audio", "audio/mp4")
    if brand == b"qt  ":
        return Verdict("video", "video/quicktime")
    if brand.startswith((b"3gp", b"3g2")):
        return Verdict("video", "video/3gpp")
    if brand not in _MP4:
        return None
    # recorders on phones call a sound-only file "isom" as well
    is_sound_only = b"soun" in data and b"vide" not in data
    return Verdict("audio", "audio/mp4") if is_sound_only else Verdict("video", "video/mp4")


def _is_adts(data: bytes) -> bool:
    """Whether two AAC frames stand one behind the other from the first byte on."""
    if not _is_adts_frame(data, 0):
        return False
    length = _adts_length(data)
    return length >= 7 and (length == len(data) or _is_adts_frame(data, length))


def _is_adts_frame(data: bytes, at: int) -> bool:
    return len(data) >= at + 7 and data[at] == 0xFF and data[at + 1] & 0xF6 == 0xF0


def _adts_length(data: bytes) -> int:
    return (data[3] & 0x03) << 11 | data[4] << 3 | data[5] >> 5


def _is_mp3(data: bytes) -> bool:
    """Whether two MP3 frames follow each other, behind an ID3 tag and a little padding."""
    start = 0
    if data.startswith(b"ID3") and len(data) > 10:
        sizes = data[6:10]
        start = 10 + (sizes[0] << 21 | sizes[1] << 14 | sizes[2] << 7 | sizes[3])
        most = min(start + _MOST_JUNK, len(data))
        while start < most and not _mp3_frame_length(data, start):
            start += 1
    length = _mp3_frame_length(data, start)
    if not length:
        return False
    following = start + length
    return following >= len(data) - 128 or _mp3_frame_length(data, following) > 0


def _mp3_frame_length(data: bytes, at: int) -> int:
    """Bytes of the layer-III frame that starts here; 0 when none does."""
    if len(data) < at + 4 or data[at] != 0xFF or data[at + 1] & 0xE6 != 0xE2:
        return 0
    version = data[at + 1] >> 3 & 3  # 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    rate_index, hertz_index = data[at + 2] >> 4, data[at + 2] >> 2 & 3
    if version == 1 or rate_index in (0, 15) or hertz_index == 3:
        return 0
    rates = _MP3_RATES if version == 3 else _MP3_RATES_LOW
    hertz = _MP3_HERTZ[hertz_index] >> {3: 0, 2: 1, 0: 2}[version]
    samples_in_bytes = 144 if version == 3 else 72
    padding = data[at + 2] >> 1 & 1
    return samples_in_bytes * rates[rate_index] * 1000 // hertz + padding


def _refuse_mixed(data: bytes, verdict: Verdict) -> None:
    """Refuse a file that another program would read as something else."""
    if office.zip_directory_size(data) is not None:
        raise Refused("mixed")
    if verdict.kind != "pdf" and verdict.mime != "text/plain" and b"%PDF-" in data[:_HEAD]:
        raise Refused("mixed")
    if _MARKUP_AT_HEAD.search(data[:_HEAD]):
        raise Refused("mixed")
    if verdict.kind == "image" and _MARKUP.search(data):
        raise Refused("mixed")
    if verdict.mime == "image/gif" and data[6:8] in (b"/*", b"//", b"=1"):
        raise Refused("mixed")  # a width that opens a comment in a script
