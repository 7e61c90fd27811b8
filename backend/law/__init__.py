"""Dates, statutory time limits and citations: pure facts of law, no web, database or WeChat."""
