"""Shops, the people who work in them, and their keys."""
