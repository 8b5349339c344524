"""The site's pages for these tests; HORETSU_BREAKING names a promise they break (controls.py)."""

from horetsu_site.wsgi import application
from tests.faults import controls

__all__ = ["application"]

controls.break_promise()
