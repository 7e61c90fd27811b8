"""Logs as one JSON line an event, without personal data: no bodies, tokens, addresses or names."""

from __future__ import annotations

import logging
import sys
import time
import traceback

import structlog
from flask import Flask, Response, g, request

_HIDDEN = ("token", "phone", "name", "id_number", "address", "text", "code", "openid")


def configure(*, is_demo: bool) -> None:
    """Set up structlog for this process; plain lines in demo, JSON elsewhere."""
    renderer = (
        structlog.dev.ConsoleRenderer(colors=False)
        if is_demo
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    # its lines hold whole addresses, and those of WeChat hold our secret
    logging.getLogger("httpx").setLevel(logging.WARNING)
    structlog.configure(
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso", utc=True),
            hide_personal_fields,
            show_where_it_broke,
            renderer,
        ],
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        cache_logger_on_first_use=False,
    )


def hide_personal_fields(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Last guard: a field that could hold a person's datum never reaches a log line."""
    for key in event:
        if key in _HIDDEN:
            event[key] = "***"
    return event


def show_where_it_broke(
    _logger: object, _method: str, event: structlog.typing.EventDict
) -> structlog.typing.EventDict:
    """Write an exception as its kind and places; its words may quote what somebody typed."""
    if event.pop("exc_info", None):
        kind, _error, trace = sys.exc_info()
        if kind is not None:
            event["exception"] = f"{kind.__name__}\n{''.join(traceback.format_tb(trace))}"
    return event


def register(app: Flask) -> None:
    """Log each API and desk request: route pattern, status and time; never who or from where."""
    log = structlog.get_logger()

    @app.before_request
    def start() -> None:
        g.started = time.perf_counter()

    @app.after_request
    def finish(response: Response) -> Response:
        rule = request.url_rule.rule if request.url_rule else "(no route)"
        if response.status_code >= 500 or app.config.get("LOG_EVERY_REQUEST"):
            took = int((time.perf_counter() - g.get("started", time.perf_counter())) * 1000)
            status = response.status_code
            log.info("request", method=request.method, route=rule, status=status, ms=took)
        return response
