"""Files to take home: told by their first bytes, not too large or many, gone when removed."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa

from backend.core import files
from backend.core.db import db
from backend.core.errors import BadInput, Conflict, Forbidden, NotFound, TooLarge
from backend.lectures.models import Lecture, LectureMaterial
from backend.lectures.service import materials, reading
from backend.settings import Settings
from tests.backend.lectures.house import House, house
from tests.factories import lectures as made
from tests.files.samples import picture

__all__ = ["house"]

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"


@pytest.fixture
def lecture(house: House) -> Lecture:
    """A lecture people can look at."""
    return made.published(house.desk)


def on_disk(settings: Settings) -> list[Path]:
    """Every stored file of lectures."""
    return sorted((Path(settings.data_dir) / "files" / "lectures").glob("*"))


def add(house: House, lecture: Lecture, title: str = "讲义", data: bytes = PDF) -> LectureMaterial:
    """Put a file beside a lecture."""
    return materials.add(lecture.public_id, title, data, house.desk, house.now)


@pytest.mark.parametrize(
    ("data", "media_type", "ending"),
    [
        (PDF, "application/pdf", "pdf"),
        (picture("PNG"), "image/png", "png"),
        (picture("JPEG"), "image/jpeg", "jpg"),
    ],
    ids=["pdf", "png", "jpg"],
)
def test_a_file_is_known_by_its_first_bytes_and_comes_back_whole(
    house: House, lecture: Lecture, data: bytes, media_type: str, ending: str
) -> None:
    row = add(house, lecture, " 欠薪怎么办 讲义 ", data)
    assert (row.title, row.media_type, row.size_bytes) == ("欠薪怎么办 讲义", media_type, len(data))
    found, content = materials.read(lecture.id, row.public_id)
    assert content == data and found.id == row.id
    said = materials.disposition(row)
    assert said.startswith("inline; filename*=UTF-8''%E6") and said.endswith(f".{ending}")
    assert said.isascii() and " " not in said.split("''")[1]
    assert house.acts(f"lecture:{lecture.id}")[-1] == "add_material"
    assert [one.id for one in reading.materials(lecture.id)] == [row.id]


@pytest.mark.parametrize(
    "data",
    [b"", b"%PDF", b" %PDF-1.7", b"PK\x03\x04", b"<html>", b"<svg xmlns=", b"MZ\x90", b"GIF89a"],
)
def test_other_kinds_are_refused_by_what_they_are(
    house: House, lecture: Lecture, settings: Settings, data: bytes
) -> None:
    error = house.refused(BadInput, add, house, lecture, "讲义.pdf", data)
    assert error.errors[0]["field"] == "file" and "PDF" in error.detail
    assert on_disk(settings) == []


@pytest.mark.parametrize("title", ["", "  ", "长" * 61])
def test_a_file_needs_a_title_that_fits(house: House, lecture: Lecture, title: str) -> None:
    error = house.refused(BadInput, add, house, lecture, title)
    assert error.errors[0]["field"] == "title"


def test_twenty_megabytes_are_taken_and_a_byte_more_is_not(
    house: House, lecture: Lecture, settings: Settings
) -> None:
    full = PDF.ljust(materials.LARGEST_BYTES, b"\0")
    assert add(house, lecture, data=full).size_bytes == 20 * 1024 * 1024
    error = house.refused(TooLarge, add, house, lecture, "讲义", full + b"\0")
    assert "20 兆" in error.detail and len(on_disk(settings)) == 1


def test_ten_files_are_enough_and_one_removed_makes_room(house: House, lecture: Lecture) -> None:
    rows = [add(house, lecture, f"第 {n} 份") for n in range(10)]
    assert house.refused(Conflict, add, house, lecture).code == "too_many"
    materials.remove(lecture.public_id, rows[0].public_id, house.desk, house.now)
    add(house, lecture, "第 11 份")
    titles = [one.title for one in reading.materials(lecture.id)]
    assert titles == [*(f"第 {n} 份" for n in range(1, 10)), "第 11 份"]


def test_a_removed_file_is_gone_from_page_and_disk_and_a_second_click_changes_nothing(
    house: House, lecture: Lecture, settings: Settings
) -> None:
    row = add(house, lecture)
    values = (lecture.public_id, row.public_id, house.desk, house.now)
    materials.remove(*values)
    assert on_disk(settings) == [] and reading.materials(lecture.id) == []
    house.refused(NotFound, materials.read, lecture.id, row.public_id)
    with house.nothing_changes():
        materials.remove(*values)
    assert house.acts(f"lecture:{lecture.id}").count("remove_material") == 1


def test_a_file_that_is_missing_on_disk_is_not_there_and_can_still_be_removed(
    house: House, lecture: Lecture, settings: Settings
) -> None:
    row = add(house, lecture)
    on_disk(settings)[0].unlink()
    assert house.refused(NotFound, materials.read, lecture.id, row.public_id).code == "file_gone"
    materials.remove(lecture.public_id, row.public_id, house.desk, house.now)
    assert reading.materials(lecture.id) == []


def test_a_file_belongs_to_its_own_lecture(house: House, lecture: Lecture) -> None:
    row, other = add(house, lecture), made.published(house.desk)
    house.refused(NotFound, materials.read, other.id, row.public_id)
    materials.remove(other.public_id, row.public_id, house.desk, house.now)
    assert materials.read(lecture.id, row.public_id)[1] == PDF


def test_who_makes_no_lectures_adds_and_removes_nothing(house: House, lecture: Lecture) -> None:
    row = add(house, lecture)
    for actor in (house.staff("clerk"), house.staff("inspector"), made.worker(1)):
        values = (lecture.public_id, "讲义", PDF, actor, house.now)
        house.refused(Forbidden, materials.add, *values)
        values_of_removal = (lecture.public_id, row.public_id, actor, house.now)
        house.refused(Forbidden, materials.remove, *values_of_removal)
    house.refused(NotFound, materials.add, "0" * 16, "讲义", PDF, house.desk, house.now)


def test_a_full_disk_lists_nothing(
    house: House, lecture: Lecture, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: str, _data: bytes) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(files, "put", full)
    house.refused(OSError, add, house, lecture)
    assert db.session.scalar(sa.select(sa.func.count(LectureMaterial.id))) == 0
