"""Answers of the busiest routes, written by pydantic itself instead of by way of a dict."""

from __future__ import annotations

from flask import Response

from backend.core.schemas import Out


def created(out: Out) -> Response:
    """201 with this document; the bytes are those the slower way gives."""
    return Response(out.model_dump_json(), 201, content_type="application/json")
