"""Pre-compressed copies: right content, only where they help, never stale."""

import gzip
from pathlib import Path

import brotli

from tools.precompress import compress_folder


def test_text_gets_both_copies_and_they_unpack_to_it(tmp_path: Path) -> None:
    content = ("工资" * 500).encode()
    (tmp_path / "app.js").write_bytes(content)
    assert compress_folder(tmp_path) == 1
    assert brotli.decompress((tmp_path / "app.js.br").read_bytes()) == content
    assert gzip.decompress((tmp_path / "app.js.gz").read_bytes()) == content


def test_small_files_and_pictures_get_none(tmp_path: Path) -> None:
    (tmp_path / "small.js").write_text("x")
    (tmp_path / "photo.png").write_bytes(b"\x89PNG" * 1000)
    assert compress_folder(tmp_path) == 0
    assert sorted(file.name for file in tmp_path.iterdir()) == ["photo.png", "small.js"]


def test_a_copy_of_a_removed_file_is_removed(tmp_path: Path) -> None:
    (tmp_path / "gone.js.br").write_bytes(b"old")
    compress_folder(tmp_path)
    assert list(tmp_path.iterdir()) == []
