"""Staff passwords: argon2id, checked in the same time whether or not the person exists."""

from __future__ import annotations

import functools
import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerifyMismatchError

from backend.core.errors import BadInput, FieldError

SHORTEST, LONGEST = 10, 200
# OWASP's lighter choice: the library's own took 0.8 s and 64 MB each under load
_hasher = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)


def hash_new(password: str) -> str:
    """The stored form of a new password; BadInput when it is too short or too long."""
    if not SHORTEST <= len(password) <= LONGEST:
        words = f"密码要 {SHORTEST} 到 {LONGEST} 个字符。"
        raise BadInput(words, errors=[FieldError("password", words)])
    return _hasher.hash(_normal(password))


def is_right(password_hash: str | None, password: str) -> bool:
    """Whether the password fits; without a hash the same work is done and the answer is no."""
    if len(password) > LONGEST:
        return False
    try:
        _hasher.verify(password_hash or _nobody(), _normal(password))
    except (VerifyMismatchError, InvalidHashError):
        return False
    return password_hash is not None


def rehashed(password_hash: str, password: str) -> str | None:
    """A new stored form when our parameters have changed since, else None."""
    if not _hasher.check_needs_rehash(password_hash):
        return None
    return _hasher.hash(_normal(password))


@functools.cache
def _nobody() -> str:
    return _hasher.hash("nobody's password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFC", password)
