"""The settings of the running installation, for code inside an app context."""

from __future__ import annotations

from flask import current_app

from backend.settings import Bureau, Settings


def bureau() -> Bureau:
    """The bureau this installation belongs to."""
    found: Bureau = current_app.config["BUREAU"]
    return found


def settings() -> Settings:
    """The settings this process was started with."""
    found: Settings = current_app.config["SETTINGS"]
    return found
