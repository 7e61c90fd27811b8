"""One shape for every error (RFC 9457): words a worker can read, a code for programs."""

from __future__ import annotations

from typing import Any, ClassVar


class FieldError(dict[str, str]):
    """One wrong field: its dotted path in the body and what to do about it."""

    def __init__(self, field: str, message: str) -> None:
        super().__init__(field=field, message=message)


class Problem(Exception):
    """An answer that is not a success; carries the HTTP status and the words for the person."""

    status: ClassVar[int] = 500
    title: ClassVar[str] = "出错了"
    default_code: ClassVar[str] = "error"

    def __init__(
        self,
        detail: str,
        *,
        code: str | None = None,
        errors: list[FieldError] | None = None,
        retry_after_s: int | None = None,
        **extra: Any,
    ) -> None:
        super().__init__(detail)
        self.detail = detail
        self.code = code or self.default_code
        self.errors = errors or []
        self.retry_after_s = retry_after_s
        self.extra = extra

    def body(self) -> dict[str, Any]:
        """The problem+json document."""
        body: dict[str, Any] = {
            "type": "about:blank",
            "title": self.title,
            "status": self.status,
            "detail": self.detail,
            "code": self.code,
        }
        if self.errors:
            body["errors"] = list(self.errors)
        return body | self.extra


class BadRequest(Problem):
    """The request cannot be read at all."""

    status, title, default_code = 400, "没看懂这次请求", "bad_request"


class NotSignedIn(Problem):
    """No session, or one that has ended."""

    status, title, default_code = 401, "需要先登录", "not_signed_in"


class Forbidden(Problem):
    """Signed in, but this role may not do this."""

    status, title, default_code = 403, "您不能办这件事", "forbidden"


class NotFound(Problem):
    """Not there, or somebody else's: the answer is the same."""

    status, title, default_code = 404, "没有找到", "not_found"


class Conflict(Problem):
    """Something else happened first, or the state does not allow this."""

    status, title, default_code = 409, "情况有变", "conflict"


class TooLarge(Problem):
    """More data than is taken."""

    status, title, default_code = 413, "太大了", "too_large"


class WrongType(Problem):
    """A kind of content that is not taken."""

    status, title, default_code = 415, "这种文件不能收", "wrong_type"


class BadInput(Problem):
    """Readable, but fields are wrong; `errors` says which."""

    status, title, default_code = 422, "有几处要改", "bad_input"


class TooMany(Problem):
    """Too often in too short a time."""

    status, title, default_code = 429, "太频繁了", "too_many"


class Unavailable(Problem):
    """The database is busy, the disk full or a service down; nothing was lost or half written."""

    status, title, default_code = 503, "现在办不了", "unavailable"
