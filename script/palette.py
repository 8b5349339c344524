"""Pictures of pages as PNGs with a palette: a third of the size, and nobody sees the difference."""

import struct
import zlib
from collections import Counter, defaultdict
from collections.abc import Iterator

MOST_COLOURS = 256
_SIGNATURE = b"\x89PNG\r\n\x1a\n"
_CHANNELS = {2: 3, 6: 4}  # RGB and RGBA, by the colour type of the header

Colour = tuple[int, int, int]


def with_palette(png: bytes) -> bytes:
    """The same picture in at most 256 colours; of an opaque PNG as browsers write it."""
    width, height, pixels = _decode(png)
    counts = Counter(pixels)
    palette = _palette(counts)
    nearest = {colour: _nearest(colour, palette) for colour in counts}
    indices = bytes(nearest[colour] for colour in pixels)
    rows = b"".join(b"\0" + indices[at : at + width] for at in range(0, width * height, width))
    head = struct.pack(">IIBBBBB", width, height, 8, 3, 0, 0, 0)
    colours = b"".join(bytes(colour) for colour in palette)
    parts = [(b"IHDR", head), (b"PLTE", colours), (b"IDAT", zlib.compress(rows, 9)), (b"IEND", b"")]
    return _SIGNATURE + b"".join(_chunk(kind, data) for kind, data in parts)


def _palette(counts: Counter[Colour]) -> list[Colour]:
    """The colours themselves where they are few; else the middles of the fullest corners of the
    colour space, and the most frequent colours as they are: large areas must not change."""
    if len(counts) <= MOST_COLOURS:
        return list(counts)
    kept = [colour for colour, _count in counts.most_common(MOST_COLOURS // 2)]
    corners: dict[Colour, Counter[Colour]] = defaultdict(Counter)
    for colour in counts.keys() - set(kept):
        red, green, blue = (channel >> 4 for channel in colour)
        corners[red, green, blue][colour] = counts[colour]
    fullest = sorted(corners.values(), key=lambda corner: -corner.total())
    return [*kept, *(_middle(corner) for corner in fullest[: MOST_COLOURS - len(kept)])]


def _middle(corner: Counter[Colour]) -> Colour:
    red, green, blue = (
        round(sum(colour[channel] * n for colour, n in corner.items()) / corner.total())
        for channel in range(3)
    )
    return red, green, blue


def _nearest(colour: Colour, palette: list[Colour]) -> int:
    red, green, blue = colour
    return min(
        range(len(palette)),
        key=lambda at: (
            (palette[at][0] - red) ** 2
            + (palette[at][1] - green) ** 2
            + (palette[at][2] - blue) ** 2
        ),
    )


def _decode(png: bytes) -> tuple[int, int, list[Colour]]:
    """Width, height and pixels."""
    chunks = list(_chunks(png))
    width, height, depth, kind, *_rest = struct.unpack(">IIBBBBB", chunks[0][1])
    if depth != 8 or kind not in _CHANNELS:
        raise ValueError(f"not a picture as browsers write it: depth {depth}, kind {kind}")
    step = _CHANNELS[kind]
    raw = zlib.decompress(b"".join(data for name, data in chunks if name == b"IDAT"))
    stride = width * step
    pixels: list[Colour] = []
    above = bytearray(stride)
    for at in range(0, len(raw), stride + 1):
        row = _unfiltered(raw[at], bytearray(raw[at + 1 : at + 1 + stride]), above, step)
        pixels += zip(row[0::step], row[1::step], row[2::step], strict=True)
        above = row
    return width, height, pixels


def _unfiltered(how: int, row: bytearray, above: bytearray, step: int) -> bytearray:
    """One row as it was before it was written as differences (PNG specification, 9.2)."""
    for at in range(len(row)):
        left = row[at - step] if at >= step else 0
        up = above[at]
        corner = above[at - step] if at >= step else 0
        guess = (0, left, up, (left + up) // 2, _paeth(left, up, corner))[how]
        row[at] = (row[at] + guess) & 255
    return row


def _paeth(left: int, up: int, corner: int) -> int:
    guess = left + up - corner
    return min((left, up, corner), key=lambda each: abs(guess - each))


def _chunks(png: bytes) -> Iterator[tuple[bytes, bytes]]:
    at = len(_SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        yield png[at + 4 : at + 8], png[at + 8 : at + 8 + length]
        at += length + 12


def _chunk(kind: bytes, data: bytes) -> bytes:
    check = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", check)
