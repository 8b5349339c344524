"""Serves the few files we use of the packages in node_modules, and none of the rest."""

from collections.abc import Iterable, Iterator
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.finders import BaseFinder
from django.core.checks import CheckMessage, Error
from django.core.files.storage import FileSystemStorage, Storage

# The map is named in the script's last line, which manifest storage follows.
FILES = {
    "vendor/chart.umd.min.js": "chart.js/dist/chart.umd.min.js",
    "vendor/chart.umd.min.js.map": "chart.js/dist/chart.umd.min.js.map",
    "vendor/chart.LICENSE.md": "chart.js/LICENSE.md",
}
_PACKAGES = settings.BASE_DIR / "node_modules"


class _Renamed(FileSystemStorage):
    def path(self, name: str) -> str:
        return str(_PACKAGES / FILES[name])


class VendorFinder(BaseFinder):
    """Finds the files above under their names in `vendor/`."""

    storage = _Renamed(location=_PACKAGES)

    def check(self, **kwargs: Any) -> list[CheckMessage]:
        return [
            Error(f"{_PACKAGES / path} is missing: run script/setup", id="vendor.E001")
            for path in FILES.values()
            if not (_PACKAGES / path).exists()
        ]

    def find(self, path: str, find_all: bool = False, **kwargs: Any) -> Any:
        if path not in FILES:
            return []  # Django's own finders say "not found" with a list in either case
        found = self.storage.path(path)
        return [found] if find_all else found

    def list(self, ignore_patterns: Iterable[str] | None) -> Iterator[tuple[str, Storage]]:
        for name in FILES:
            yield name, self.storage
