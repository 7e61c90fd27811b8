"""Tests of the API as a whole: its document, and whatever it may be sent."""
