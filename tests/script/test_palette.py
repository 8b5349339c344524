import struct
import zlib

from script.palette import with_palette

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    check = struct.pack(">I", zlib.crc32(kind + data))
    return struct.pack(">I", len(data)) + kind + data + check


def picture(rows: list[bytes], *, width: int, kind: int = 2) -> bytes:
    """A PNG of these rows, each begun by the number of its filter."""
    head = struct.pack(">IIBBBBB", width, len(rows), 8, kind, 0, 0, 0)
    parts = [(b"IHDR", head), (b"IDAT", zlib.compress(b"".join(rows))), (b"IEND", b"")]
    return SIGNATURE + b"".join(chunk(name, data) for name, data in parts)


def parts_of(png: bytes) -> dict[bytes, bytes]:
    found, at = {}, len(SIGNATURE)
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found[png[at + 4 : at + 8]] = png[at + 8 : at + 8 + length]
        at += length + 12
    return found


def colours_of(png: bytes) -> list[list[bytes]]:
    """The rows of a picture with a palette, each pixel as its three bytes."""
    parts = parts_of(png)
    width, height = struct.unpack(">II", parts[b"IHDR"][:8])
    raw = zlib.decompress(parts[b"IDAT"])
    rows = [raw[at + 1 : at + 1 + width] for at in range(0, len(raw), width + 1)]
    assert len(rows) == height
    return [[parts[b"PLTE"][3 * each : 3 * each + 3] for each in row] for row in rows]


def test_a_picture_of_few_colours_is_the_same_however_its_rows_were_written():
    rows = [
        b"\0" + bytes([10, 20, 30, 12, 22, 32]),  # as it is
        b"\1" + bytes([10, 20, 30, 2, 2, 2]),  # less what stands to the left
        b"\2" + bytes([0, 0, 0, 0, 0, 0]),  # less what stands above
        b"\3" + bytes([5, 10, 15, 1, 1, 1]),  # less the mean of both
        b"\4" + bytes([0, 0, 0, 0, 0, 0]),  # less the likeliest of three
    ]

    shown = colours_of(with_palette(picture(rows, width=2)))

    assert shown[:3] == [[bytes([10, 20, 30]), bytes([12, 22, 32])]] * 3
    assert shown[3] == shown[4] == [bytes([10, 20, 30]), bytes([12, 22, 32])]


def test_of_many_colours_the_large_areas_stay_and_the_others_come_near():
    plain = bytes([246, 247, 242])
    many = [bytes([red, green, 128]) for red in range(0, 256, 8) for green in range(0, 256, 8)]
    rows = [b"\0" + plain * len(many), b"\0" + b"".join(many)]

    shown = colours_of(with_palette(picture(rows, width=len(many))))

    assert shown[0] == [plain] * len(many)
    assert len(set(shown[1])) < 256
    assert all(
        abs(seen[channel] - meant[channel]) < 48
        for seen, meant in zip(shown[1], many, strict=True)
        for channel in range(3)
    )


def test_what_shines_through_is_left_away():
    rows = [b"\0" + bytes([1, 2, 3, 255, 4, 5, 6, 255])]

    assert colours_of(with_palette(picture(rows, width=2, kind=6))) == [
        [bytes([1, 2, 3]), bytes([4, 5, 6])]
    ]
