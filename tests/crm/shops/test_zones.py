import pytest

from crm.shops.zones import is_zone, zones


@pytest.mark.parametrize(
    "name", ["Asia/Tokyo", "Europe/Zurich", "America/Argentina/Ushuaia", "UTC"]
)
def test_a_name_that_says_where_is_a_zone(name):
    assert is_zone(name)
    assert name in zones()


@pytest.mark.parametrize(
    "name",
    ["localtime", "Japan", "GB", "posixrules", "Factory", "Etc/GMT+9", "US/Pacific", "Asia/Edo",
     "posix/Asia/Tokyo", "right/Asia/Tokyo", "asia/tokyo", "../Asia/Tokyo", "/etc/localtime", "",
     "Asia/", "Asia/Tokyo\x00"],
)  # fmt: skip
def test_anything_else_is_none(name):
    assert not is_zone(name)
