"""Why a file was not taken, and what to do: one table of codes and words."""

from __future__ import annotations

REASONS = {
    "empty": "这个文件是空的。请重新选一次。",
    "unknown": "这种文件不能收。照片、PDF、录音、录像、Word 和 Excel 可以传。",
    "archive": "压缩包不能收。请解开，再一个一个传。",
    "encrypted": "这个文件有密码，我们打不开。请去掉密码再传，或者拍照传。",
    "macro": "这个文件带有宏，可能不安全。请另存为不带宏的再传，或者拍照传。",
    "mixed": "这个文件里还藏着另一种文件，不能收。请截图或拍照再传。",
    "bomb": "这个文件解开后太大，不能收。请拍照传，或分成几个文件。",
    "too_many_pixels": "这张图片的尺寸太大，我们打不开。请截图，或用普通模式再拍一张。",
    "broken_image": "这张图片坏了，或没传全。请重新选一次，或再拍一张。",
    "expired": "这个文件隔了太久没传完，已经删掉了。请重新选一次。",
    "mismatch": "路上丢了一部分，没传全。请再传一次。",
    "place_kept": "只有照片能去掉拍摄地点。这个文件照原样收下了。",
}

ASK_AGAIN = "没有找到这个文件。请回到这件案再看一次。"
LINK_ENDED = "这个链接过期了。请回到这件案，再点一次。"
CASE_CLOSED = "这件案已经办结，不能再加材料。有新材料请打电话给我们。"
STORAGE_FULL = "我们的存储满了，没存进去，不是您的错。传过的都还在，请过一会儿再传。"
WRONG_OFFSET = "这一段接不上，请从断开的地方接着传。"
TOO_MUCH = "收到的比说好的多。请重新选这个文件再传。"
CHUNK_TOO_SMALL = "这一段太短。请从断开的地方接着传。"
CHUNK_TOO_LARGE = "一次传得太多。请分成小段再传。"
CHUNK_CUT = "这一段只收到一半，网络断了。请再传一次。"
WRONG_BODY = "文件要按原样一段一段传。"
OTHER_CONTENT = "这个文件和先前传的不是同一个。请重新选一次。"
NOT_READY = "这个文件还没传完，请传完再看。"
CHANGED = "这个文件和封存时不一样了，不能用。请报告管理员。"


def words(code: str | None) -> str | None:
    """The sentence for a reason code; None when there is no reason. KeyError for an unknown one."""
    return None if code is None else REASONS[code]


def too_large(max_bytes: int) -> str:
    """What to say of a file above the limit of bytes."""
    return f"这个文件太大，每个不超过 {_mega(max_bytes)} 兆。录像请截短，照片请选小一点的。"


def too_many(max_files: int) -> str:
    """What to say when a case already holds all the files it may."""
    return f"最多传 {max_files} 个文件，已经满了。别的材料请确认时带来，或打电话给我们。"


def _mega(count: int) -> str:
    return f"{count / (1024 * 1024):.1f}".removesuffix(".0")
