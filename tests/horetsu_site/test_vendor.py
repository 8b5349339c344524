from pathlib import Path

import pytest
from django.contrib.staticfiles import finders

from horetsu_site import vendor


def test_each_file_is_found_under_its_name_in_vendor() -> None:
    for name in vendor.FILES:
        found = finders.find(name)

        assert found
        assert Path(found).is_file()


def test_the_rest_of_the_packages_is_not_served() -> None:
    names = [name for name, _ in vendor.VendorFinder().list(None)]

    assert names == list(vendor.FILES)
    assert finders.find("vendor/chart.js") is None
    assert finders.find("chart.js/package.json") is None


def test_the_script_names_its_map_which_is_served_as_well() -> None:
    script = finders.find("vendor/chart.umd.min.js")

    assert script
    assert "sourceMappingURL=chart.umd.min.js.map" in Path(script).read_text()


def test_missing_packages_are_told_with_what_to_do(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(vendor, "_PACKAGES", tmp_path)

    complaints = vendor.VendorFinder().check()

    assert len(complaints) == len(vendor.FILES)
    assert "run script/setup" in complaints[0].msg
