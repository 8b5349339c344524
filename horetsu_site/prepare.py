"""What must be done before a first page: texts, static files, tables, a demo shop.

Run as `python -m horetsu_site.prepare STEP…`, each step safe to repeat.
"""

import os
import sys

import django
from django.conf import settings
from django.core.management import call_command

from horetsu_site.catalogue import compile_catalogues


def texts() -> None:
    """Compile the Japanese texts."""
    compile_catalogues()


def pages() -> None:
    """Collect the style sheets, scripts and pictures, named after their content."""
    call_command("collectstatic", interactive=False, verbosity=0)


def tables() -> None:
    """Bring the database up to date, as the role that owns it."""
    if "owner" in settings.DATABASES:
        call_command("migrate", database="owner", interactive=False, verbosity=0)
    else:
        print("Without DATABASE_OWNER_URL the tables are left as they are.", file=sys.stderr)


def demo() -> None:
    """Open the demo shop, unless it is there or strangers can reach this site."""
    if settings.LOCAL:
        call_command("seed_demo", stdout=sys.stderr)  # standard output is for the welcome


def welcome() -> None:
    """Say where to look and how to sign in."""
    call_command("welcome")


STEPS = {step.__name__: step for step in (texts, pages, tables, demo, welcome)}


def main(names: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "horetsu_site.settings")
    os.environ.setdefault("STATEMENT_TIMEOUT", "0")  # no page waits for this
    if texts.__name__ in names:
        texts()  # before Django reads the catalogue: it keeps what it read
    django.setup()
    for name in names:
        if STEPS[name] is not texts:
            STEPS[name]()


if __name__ == "__main__":
    main(sys.argv[1:])
