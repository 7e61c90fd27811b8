"""Registered employers and their sites, shared by every room that names an employer."""
