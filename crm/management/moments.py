from argparse import ArgumentTypeError
from datetime import datetime


def moment(text: str) -> datetime:
    """A moment as a command is told it, such as 2026-05-10T12:00Z; the zone must be said."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        found = None
    if found is None or found.tzinfo is None:
        raise ArgumentTypeError(f"{text} is no moment: write it as 2026-05-10T12:00Z")
    return found
