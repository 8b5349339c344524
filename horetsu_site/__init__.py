"""The site: settings, addresses, Celery, embedded servers, health. It only composes."""

from horetsu_site.celery import app as celery_app

__all__ = ["celery_app"]
