"""Signing up, signing in and one's own account: what django-allauth asks of us."""
