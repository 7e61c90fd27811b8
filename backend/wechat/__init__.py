"""Talking to WeChat's servers: the only room that knows their addresses and error numbers."""
