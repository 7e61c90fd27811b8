"""Tests of the question bot's package."""
