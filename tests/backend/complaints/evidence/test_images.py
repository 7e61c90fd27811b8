"""The copy people look at is small, upright and silent about where it was taken."""

from __future__ import annotations

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from backend.complaints.evidence.images import VIEW_SIDE, view_copy
from backend.complaints.evidence.sealing import examine
from backend.complaints.evidence.verdicts import Refused
from tests.files import samples


def opened(data: bytes) -> Image.Image:
    return Image.open(io.BytesIO(data))


@pytest.mark.parametrize(
    ("picture_format", "mime"),
    [
        ("JPEG", "image/jpeg"),
        ("PNG", "image/png"),
        ("GIF", "image/gif"),
        ("WEBP", "image/webp"),
        ("HEIF", "image/heic"),
    ],
)
def test_every_format_becomes_a_jpeg_that_looks_the_same(picture_format: str, mime: str) -> None:
    copy = opened(view_copy(samples.picture(picture_format), mime))
    assert (copy.format, copy.size) == ("JPEG", (64, 48))
    red, green, blue = copy.convert("RGB").getpixel((30, 20))  # type: ignore[misc]
    assert abs(red - 200) < 12 and abs(green - 30) < 12 and abs(blue - 30) < 12


@pytest.mark.parametrize(
    ("picture_format", "mime"), [("JPEG", "image/jpeg"), ("HEIF", "image/heic")]
)
def test_place_and_camera_are_gone_and_the_picture_stands_upright(
    picture_format: str, mime: str
) -> None:
    data = samples.photo_with_place(picture_format=picture_format)
    assert b"SecretCamera" in data and opened(data).getexif().get_ifd(0x8825)
    result = view_copy(data, mime)
    copy = opened(result)
    assert b"SecretCamera" not in result and b"Exif" not in result
    assert dict(copy.getexif()) == {} and not {"exif", "icc_profile", "comment"} & set(copy.info)
    if picture_format == "JPEG":
        assert copy.size == (40, 80)


def test_comment_and_colour_profile_do_not_come_along() -> None:
    data = samples.picture("JPEG", comment=b"at home", icc_profile=b"profile of my phone")
    result = view_copy(data, "image/jpeg")
    assert b"at home" not in result and b"profile of my phone" not in result


def test_a_large_photo_is_made_smaller() -> None:
    copy = opened(view_copy(samples.picture("JPEG", (5000, 1000)), "image/jpeg"))
    assert copy.size == (VIEW_SIDE, 512)


def test_a_transparent_picture_lies_on_white() -> None:
    out = io.BytesIO()
    Image.new("RGBA", (8, 8), (0, 0, 0, 0)).save(out, "PNG")
    assert opened(view_copy(out.getvalue(), "image/png")).getpixel((4, 4)) == (255, 255, 255)


def test_a_scan_in_sixteen_bit_grey_does_not_turn_white() -> None:
    out = io.BytesIO()
    Image.new("I;16", (8, 8), 0x8000).save(out, "PNG")
    grey = opened(view_copy(out.getvalue(), "image/png")).getpixel((4, 4))
    assert all(abs(value - 128) < 4 for value in grey)  # type: ignore[union-attr]


def test_a_hundred_megapixels_are_refused_before_decoding(monkeypatch: pytest.MonkeyPatch) -> None:
    data = samples.huge_png()
    monkeypatch.setattr(Image.Image, "load", lambda *_a: pytest.fail("decoded"))
    with pytest.raises(Refused, match="too_many_pixels"):
        view_copy(data, "image/png")


def test_a_picture_far_beyond_that_is_refused_too() -> None:
    with pytest.raises(Refused, match="too_many_pixels"):
        view_copy(samples.huge_png(60_000, 60_000)[:100], "image/png")


@settings(max_examples=40, deadline=None)
@given(kept=st.integers(min_value=4, max_value=400))
def test_a_picture_cut_off_is_refused_and_never_a_crash(kept: int) -> None:
    data = samples.picture("JPEG", (400, 300))
    with pytest.raises(Refused, match="broken_image"):
        view_copy(data[: min(kept, len(data) // 2)], "image/jpeg")


def test_the_original_is_kept_byte_for_byte_unless_the_place_must_go() -> None:
    photo = samples.photo_with_place()
    kept = examine(photo, strip_place=False)
    assert (kept.original, kept.is_place_removed) == (photo, False)
    stripped = examine(photo, strip_place=True)
    assert stripped.is_place_removed and b"SecretCamera" not in stripped.original
    assert stripped.original == stripped.view and stripped.sha256 != kept.sha256


def test_only_a_picture_can_lose_its_place() -> None:
    sealed = examine(samples.wav(), strip_place=True)
    assert (sealed.is_place_removed, sealed.view, sealed.original) == (False, None, samples.wav())
