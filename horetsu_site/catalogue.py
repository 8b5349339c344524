"""The compiled Japanese catalogue, made without the system's gettext.

Compiled at set-up, so that no .mo need be committed; horetsu_site/messages.py keeps the
.po itself up to date with the source.
"""

from pathlib import Path

import polib

ROOT = Path(__file__).resolve().parent.parent


def compile_catalogues() -> list[Path]:
    """Write a .mo beside every .po that is newer than it; which ones were written."""
    written = []
    for po in ROOT.glob("locale/*/LC_MESSAGES/*.po"):
        mo = po.with_suffix(".mo")
        if not mo.exists() or mo.stat().st_mtime <= po.stat().st_mtime:
            # Renamed into place, so that a server starting meanwhile never reads half a file.
            half = mo.with_suffix(".mo.new")
            polib.pofile(str(po)).save_as_mofile(str(half))
            half.replace(mo)
            written.append(mo)
    return written
