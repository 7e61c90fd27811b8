"""Encryption at rest, blind indexes, tokens and signatures; the one seam for other algorithms."""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_VERSION = b"\x01"  # first byte of every sealed value: which algorithm and key made it
_NONCE = 12
_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


class SealBroken(Exception):
    """A stored value was changed, moved, or belongs to another key."""


@dataclass(slots=True)
class _Keys:
    field: AESGCM
    index: bytes
    session: bytes
    audit: bytes


class _Vault:
    keys: _Keys | None = None


def configure(*, field: bytes, index: bytes, session: bytes, audit: bytes) -> None:
    """Set the keys of this process once, at start."""
    _Vault.keys = _Keys(AESGCM(field), index, session, audit)


def _keys() -> _Keys:
    if _Vault.keys is None:
        raise RuntimeError("crypto.configure() was not called")
    return _Vault.keys


def seal(text: str, place: str) -> bytes:
    """Encrypt text; `place` (table.column) is bound in, so that a value cannot be moved."""
    nonce = secrets.token_bytes(_NONCE)
    return _VERSION + nonce + _keys().field.encrypt(nonce, text.encode(), place.encode())


def unseal(sealed: bytes, place: str) -> str:
    """Decrypt what `seal` made for the same place; raises SealBroken."""
    nonce, body = sealed[1 : 1 + _NONCE], sealed[1 + _NONCE :]
    if sealed[:1] != _VERSION or len(nonce) != _NONCE:
        raise SealBroken(place)
    try:
        return _keys().field.decrypt(nonce, body, place.encode()).decode()
    except InvalidTag as error:
        raise SealBroken(place) from error


def blind_index(kind: str, value: str) -> str:
    """A keyed digest by which an encrypted value (`phone`, `openid`) can be found, as hex."""
    return hmac.new(_keys().index, f"{kind}:{value}".encode(), hashlib.sha256).hexdigest()


def sign(purpose: str, value: str) -> str:
    """A keyed signature of a value for one purpose, as 32 hex digits."""
    text = f"{purpose}:{value}".encode()
    return hmac.new(_keys().session, text, hashlib.sha256).hexdigest()[:32]


def is_signed(purpose: str, value: str, signature: str) -> bool:
    """Whether `signature` is ours for this purpose and value (constant time)."""
    return hmac.compare_digest(sign(purpose, value).encode(), signature.encode())


def audit_mac(data: bytes) -> str:
    """Keyed digest for audit seals: who can write the database still cannot forge one."""
    return hmac.new(_keys().audit, data, hashlib.sha256).hexdigest()


def new_token() -> str:
    """A fresh secret of 256 bits for a session."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> str:
    """What is stored of a token: random tokens need no slow hash."""
    return hashlib.sha256(token.encode()).hexdigest()


def new_public_id() -> str:
    """A random id for addresses: 80 bits, lower case, no vowels that could spell words."""
    return _base32(secrets.randbits(80), 16).lower()


def public_id_of(kind: str, value: str) -> str:
    """An id of 80 bits that only this value has, and nobody without our key can work out."""
    return _base32(int(blind_index(f"id:{kind}", value)[:20], 16), 16).lower()


def new_receipt_code() -> str:
    """A receipt code of 80 random bits, in groups of four for reading aloud."""
    code = _base32(secrets.randbits(80), 16)
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


def normal_receipt_code(typed: str) -> str:
    """A receipt code as people type it (spaces, lower case, O for 0, I or L for 1), or ''."""
    table = str.maketrans("OIL", "011", " -－—_")
    code = typed.strip().upper().translate(table)
    if len(code) != 16 or any(c not in _CROCKFORD for c in code):
        return ""
    return "-".join(code[i : i + 4] for i in range(0, 16, 4))


def _base32(number: int, length: int) -> str:
    digits = []
    for _ in range(length):
        number, digit = divmod(number, 32)
        digits.append(_CROCKFORD[digit])
    return "".join(reversed(digits))
