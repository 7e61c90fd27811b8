"""A file is what its bytes say: every kind is known, every disguise is refused with a reason."""

from __future__ import annotations

import zipfile

import pillow_heif
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backend.complaints.evidence import office, texts
from backend.complaints.evidence.judge import judge
from backend.complaints.evidence.verdicts import Refused, Verdict
from tests.files import samples

pillow_heif.register_heif_opener()

KNOWN = {
    "jpeg": (samples.picture("JPEG"), "image", "image/jpeg"),
    "png": (samples.picture("PNG"), "image", "image/png"),
    "gif": (samples.picture("GIF"), "image", "image/gif"),
    "webp": (samples.picture("WEBP"), "image", "image/webp"),
    "heic": (samples.picture("HEIF"), "image", "image/heic"),
    "motion photo": (
        samples.picture() + samples.media(b"isom", b"vide"),
        "image",
        "image/jpeg",
    ),
    "pdf": (samples.pdf(), "pdf", "application/pdf"),
    "wav": (samples.wav(), "audio", "audio/wav"),
    "mp3": (samples.mp3(), "audio", "audio/mpeg"),
    "mp3 with a tag": (samples.mp3(with_tag=True), "audio", "audio/mpeg"),
    "aac": (samples.aac(), "audio", "audio/aac"),
    "amr": (b"#!AMR\n\x3c" + b"\x00" * 31, "audio", "audio/amr"),
    "silk": (b"\x02#!SILK_V3\x10\x00" + b"\x01" * 16, "audio", "audio/silk"),
    "ogg": (b"OggS\x00\x02" + b"\x00" * 60, "audio", "audio/ogg"),
    "m4a": (samples.media(b"M4A ", b"soun"), "audio", "audio/mp4"),
    "sound called isom": (samples.media(b"isom", b"soun"), "audio", "audio/mp4"),
    "mp4": (samples.media(b"isom", b"vide", b"soun"), "video", "video/mp4"),
    "mov": (samples.media(b"qt  ", b"vide"), "video", "video/quicktime"),
    "3gp": (samples.media(b"3gp5", b"vide"), "video", "video/3gpp"),
    "webm": (samples.webm(), "video", "video/webm"),
    "doc": (samples.ole("WordDocument"), "office", "application/msword"),
    "xls": (samples.ole("a", "b", "c", "d", "Workbook"), "office", "application/vnd.ms-excel"),
    "ppt": (samples.ole("PowerPoint Document"), "office", "application/vnd.ms-powerpoint"),
    "csv in UTF-8": ("月份,该发,发了\n3月,5000,0\n𠮷".encode(), "office", "text/plain"),
    "csv in GB18030": ("月份,该发,发了\n".encode("gb18030"), "office", "text/plain"),
}
OPEN_XML = {
    "docx": (samples.WORD_MAIN, "wordprocessingml.document"),
    "xlsx": (samples.SHEET_MAIN, "spreadsheetml.sheet"),
    "pptx": (samples.SLIDES_MAIN, "presentationml.presentation"),
}
ZIP = samples.archive({"a.txt": b"hello"})
REFUSED = {
    "empty": (b"", "empty"),
    "zip": (ZIP, "archive"),
    "apk-like zip": (samples.archive({"AndroidManifest.xml": b"\x03"}), "archive"),
    "zip without its directory": (ZIP[:30], "archive"),
    "zip with a password": (samples.locked_zip(), "encrypted"),
    "docm": (samples.open_xml(samples.MACRO_MAIN), "macro"),
    "docx hiding a macro": (samples.open_xml(files={"word/vbaProject.bin": b"\x01"}), "macro"),
    "zip bomb in the list of types": (
        samples.archive({"[Content_Types].xml": b"A" * (8 * 1024 * 1024)}),
        "bomb",
    ),
    "types that are no UTF-8": (
        samples.archive({"[Content_Types].xml": b"\xff\xfe\x00"}),
        "archive",
    ),
    "doc with macros": (samples.ole("WordDocument", "Macros", "VBA"), "macro"),
    "docx with a password": (samples.ole("EncryptionInfo", "EncryptedPackage"), "encrypted"),
    "installer (OLE2)": (samples.ole("Property"), "unknown"),
    "program": (b"MZ\x90\x00\x03" + b"\x00" * 100, "unknown"),
    "rar": (b"Rar!\x1a\x07\x01\x00" + b"\x00\x80" * 20, "unknown"),
    "web page": (b"<html><script>alert(1)</script>", "unknown"),
    "svg": (b'<?xml version="1.0"?><svg onload="x()"/>', "unknown"),
    "script": (b"#!/bin/sh\nrm -rf x\n", "unknown"),
    "avi": (b"RIFF\x00\x00\x00\x00AVI LIST" + b"\x00" * 20, "unknown"),
    "matroska": (b"\x1a\x45\xdf\xa3\x93\x42\x82\x88matroska" + b"\x00" * 64, "unknown"),
    "jpeg and zip": (samples.picture() + ZIP, "mixed"),
    "png and zip with a comment": (samples.picture("PNG") + ZIP + b"\x00" * 900, "mixed"),
    "mp4 and zip": (samples.media(b"isom", b"vide") + ZIP, "mixed"),
    "pdf and zip": (samples.pdf() + ZIP, "mixed"),
    "pdf with a tail": (samples.pdf() + b"\x00" * 4000, "mixed"),
    "pdf cut off": (samples.pdf()[:-8], "unknown"),
    "pdf and html": (samples.pdf().replace(b"1 0 obj", b"%<script>x</script>\n1 0 obj"), "mixed"),
    "jpeg and html": (samples.picture() + b"<HTML><body>", "mixed"),
    "jpeg and php": (samples.picture("JPEG", comment=b"<?php system('x');"), "mixed"),
    "jpeg and pdf": (samples.picture("JPEG", comment=samples.pdf()), "mixed"),
    "gif and script": (b"GIF89a/*" + samples.picture("GIF")[8:] + b"*/=1;alert(1)", "mixed"),
}


@pytest.mark.parametrize("name", KNOWN)
def test_a_known_kind_is_taken_for_what_it_is(name: str) -> None:
    data, kind, mime = KNOWN[name]
    assert judge(data) == Verdict(kind, mime)  # type: ignore[arg-type]


@pytest.mark.parametrize("name", OPEN_XML)
def test_office_files_of_today_are_known_by_their_main_part(name: str) -> None:
    main, ending = OPEN_XML[name]
    verdict = judge(samples.open_xml(main))
    assert (
        verdict.kind,
        verdict.mime.removeprefix("application/vnd.openxmlformats-officedocument."),
    ) == (
        "office",
        ending,
    )


@pytest.mark.parametrize("name", REFUSED)
def test_a_disguise_or_unknown_file_is_refused_with_words(name: str) -> None:
    data, code = REFUSED[name]
    with pytest.raises(Refused) as refusal:
        judge(data)
    assert refusal.value.code == code
    assert texts.words(code)


def test_a_file_that_promises_half_a_gigabyte_is_a_bomb_without_being_unpacked(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    data = samples.open_xml(files={"word/media.bin": b"\x00" * 4096})
    monkeypatch.setattr(office, "MAX_UNPACKED_BYTES", 4096)
    monkeypatch.setattr(zipfile.ZipFile, "open", lambda *_a, **_k: pytest.fail("unpacked"))
    with pytest.raises(Refused, match="bomb"):
        judge(data)


def test_a_directory_of_endless_entries_is_refused_before_it_is_read(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(office, "MAX_DIRECTORY_BYTES", 60)
    with pytest.raises(Refused, match="bomb"):
        judge(samples.open_xml())


def test_a_directory_that_runs_in_a_circle_ends() -> None:
    data = bytearray(samples.ole("Nothing"))
    data[512 + 4 : 512 + 8] = (1).to_bytes(4, "little")  # sector 1 is followed by sector 1
    with pytest.raises(Refused, match="unknown"):
        judge(bytes(data))


_STARTS = [data[:24] for data, _kind, _mime in KNOWN.values()] + [b"PK\x03\x04", b""]


@settings(max_examples=300, deadline=None)
@given(start=st.sampled_from(_STARTS), rest=st.binary(max_size=900))
@example(start=b"ID3\x04\x00\x00\x7f\x7f\x7f\x7f", rest=b"")
@example(start=office.OLE_SIGNATURE, rest=b"\xff" * 600)
def test_no_bytes_whatever_bring_the_judge_down(start: bytes, rest: bytes) -> None:
    try:
        verdict = judge(start + rest)
    except Refused as refusal:
        assert refusal.code in texts.REASONS
    else:
        assert verdict.kind in ("image", "pdf", "audio", "video", "office")


@settings(max_examples=60, deadline=None)
@given(name=st.sampled_from([n for n in KNOWN if "csv" not in n]), padding=st.binary(max_size=200))
def test_no_file_carries_a_zip_behind_it(name: str, padding: bytes) -> None:
    with pytest.raises(Refused):
        judge(KNOWN[name][0] + ZIP + padding)
