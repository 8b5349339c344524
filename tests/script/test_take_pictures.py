import re
import struct

import pytest

from script.take_pictures import LANDING, LANGUAGES, PICTURES, ROOT, STAFF

HEAVIEST = 60_000  # bytes; a page of the documents shows seven
GUIDES = {"ja": ROOT / "docs" / "staff" / "README.md", "en": ROOT / "docs" / "staff" / "en.md"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_picture_is_there_and_light(language):
    files = [picture.folder / f"{picture.name}.{language}.png" for picture in PICTURES]

    assert all(file.stat().st_size < HEAVIEST for file in files)


@pytest.mark.parametrize("language", LANGUAGES)
def test_those_of_the_landing_page_are_as_large_as_the_page_leaves_room_for(language):
    sizes = [
        struct.unpack(">II", (LANDING / f"{picture.name}.{language}.png").read_bytes()[16:24])
        for picture in PICTURES
        if picture.folder == LANDING
    ]

    page = (ROOT / "templates" / "pages" / "_picture.html").read_text(encoding="utf-8")
    assert sizes == [(780, 640)] * 2
    assert 'width="780" height="640"' in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_shows_each_of_its_pictures_and_no_other(language):
    shown = re.findall(r"\(pictures/([\w.]+)\)", GUIDES[language].read_text(encoding="utf-8"))

    assert sorted(shown) == sorted(
        f"{each.name}.{language}.png" for each in PICTURES if each.folder == STAFF
    )
