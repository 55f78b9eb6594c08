"""Files as other programs, cameras and hands write them, byte by byte where Pillow writes none."""

import io
import struct
import zlib
from collections.abc import Mapping

from PIL import ExifTags, Image, ImageCms, PngImagePlugin

from bot.domain.pictures.errors import (
    NotAPicture,
    PictureDamaged,
    PictureFormatRefused,
    PictureHeaderNonsense,
    PictureNotBaseline,
    PictureTooDemanding,
    PictureTooManyPixels,
)
from tests.imaging import corpus
from tests.imaging.corpus import SIZE, Case, photo, png_chunk, saved
from tests.imaging.foreign_tiff import (
    HEIGHT,
    WIDTH,
    camera_raw,
    colour_tiff,
    dng,
    endless_directories,
    grey_picture,
    grey_tags,
    lab_tiff,
    small_picture,
    tagged_beyond_measure,
    tiff,
)

"""Grey from black on the left to white on the right, in 8 bits."""


TURNED_XMP = corpus.TURNED


def png_of(header: bytes, rows: bytes, *extra: bytes) -> bytes:
    """Return a PNG; `header` is IHDR's body behind the sizes, `extra` chunks stand before IDAT."""
    chunks = (
        png_chunk(b"IHDR", struct.pack(">II", *SIZE) + header),
        *extra,
        png_chunk(b"IDAT", zlib.compress(rows)),
        png_chunk(b"IEND", b""),
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(chunks)


def with_chunks(*extra: bytes) -> bytes:
    """Return a photo with these chunks behind the header."""
    plain = saved("PNG")
    return plain[:33] + b"".join(extra) + plain[33:]


def with_wrong_checksum(kind: bytes) -> bytes:
    """Return a photo with a chunk of this kind whose checksum is wrong."""
    return with_chunks(png_chunk(kind, b"nothing of the pixels")[:-4] + b"\1\2\3\4")


def long_text() -> bytes:
    """Return a photo as a program that keeps its whole workflow in the picture writes it."""
    info = PngImagePlugin.PngInfo()
    info.add_text("workflow", "node " * 300_000, zip=True)
    return saved("PNG", pnginfo=info)


def long_profile() -> bytes:
    """Return a photo with a screen's colour profile of 1.2 MB."""
    srgb = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    grown = struct.pack(">I", len(srgb) + 1_200_000) + srgb[4:] + bytes(1_200_000)
    return with_chunks(png_chunk(b"iCCP", b"display\0\0" + zlib.compress(grown)))


def without_end() -> bytes:
    """Return a photo whose last chunk, IEND, is missing."""
    return saved("PNG")[:-12]


def png_with_key(bits: int, colour: int, value: int, key: int) -> bytes:
    """Return a PNG of one value in every channel; what has the value `key` is transparent."""
    channels = 3 if colour else 1
    if bits == 16:
        row = struct.pack(f">{channels}H", *[value] * channels) * WIDTH
    else:
        row = bytes([sum(value << at for at in range(0, 8, bits))]) * (WIDTH * channels * bits // 8)
    hole = png_chunk(b"tRNS", struct.pack(f">{channels}H", *[key] * channels))
    return png_of(bytes((bits, colour, 0, 0, 0)), (b"\0" + row) * HEIGHT, hole)


def segment(marker: int, body: bytes) -> bytes:
    """Return a segment of a JPEG."""
    return struct.pack(">BBH", 0xFF, marker, 2 + len(body)) + body


def with_segments(*extra: bytes, **options: object) -> bytes:
    """Return a photo with these bytes behind its first marker."""
    plain = saved("JPEG", **options)
    return plain[:2] + b"".join(extra) + plain[2:]


def with_frame(marker: int = 0xC0, bits: int = 8) -> bytes:
    """Return a photo whose frame says that it is of another kind."""
    plain = saved("JPEG")
    at = plain.index(b"\xff\xc0")
    return (
        plain[:at]
        + bytes((0xFF, marker))
        + plain[at + 2 : at + 4]
        + bytes((bits,))
        + plain[at + 5 :]
    )


def told_by_adobe() -> bytes:
    """Return a photo in RGB whose channels are numbered as YCbCr's: its Adobe marker alone tells.

    Frame and scans name a channel right before its factors, or its tables, of which RGB has one.
    """
    data = saved("JPEG", quality=95, keep_rgb=True)
    begin = data.index(b"\xff\xda") + 14
    head = data[:begin]
    for number, name in enumerate(b"RGB", 1):
        for behind in (0x11, 0x00):
            head = head.replace(bytes((name, behind)), bytes((number, behind)))
    return head + data[begin:]


def many_scans(scans: int, size: tuple[int, int] = SIZE) -> bytes:
    """Return a progressive JPEG whose last scan is repeated."""
    out = io.BytesIO()
    Image.new("L", size, 128).save(out, "JPEG", quality=50, progressive=True)
    jpeg = out.getvalue()
    last = jpeg[jpeg.rfind(b"\xff\xc4", 0, jpeg.rfind(b"\xff\xda")) : -2]
    return jpeg[:-2] + last * scans + jpeg[-2:]


def grey_jpeg(size: tuple[int, int], **options: object) -> bytes:
    """Return a grey JPEG, which costs little at any size."""
    out = io.BytesIO()
    Image.new("L", size, 90).save(out, "JPEG", **options)
    return out.getvalue()


def sized(jpeg: bytes, size: tuple[int, int]) -> bytes:
    """Return a JPEG whose frame claims another size."""
    at = next(at for at in (jpeg.find(b"\xff\xc2"), jpeg.find(b"\xff\xc0")) if at > 0)
    return jpeg[: at + 5] + struct.pack(">HH", *reversed(size)) + jpeg[at + 9 :]


def xmp_turned() -> bytes:
    """Return a photo that only its XMP calls turned."""
    return saved("JPEG", xmp=TURNED_XMP)


def tiff_of_scans(scans: int, size: tuple[int, int] = (4990, 4990)) -> bytes:
    """Return a TIFF whose one strip is a JPEG of many scans: nothing tells its cost before."""
    tags = grey_tags(8) | {256: [size[0]], 257: [size[1]], 259: [7], 278: [size[1]]}
    return tiff((tags, many_scans(scans, size)))


def webp_with_chunks() -> bytes:
    """Return a WebP with a damaged profile, unknown chunks and a size that is wrong."""
    out = io.BytesIO()
    photo().save(out, "WEBP", icc_profile=b"nonsense", exif=b"Exif\0\0nonsense", xmp=TURNED_XMP)
    data = out.getvalue() + b"JUNK" + struct.pack("<I", 5) + b"about" + b"\0"
    return data[:4] + struct.pack("<I", 12) + data[8:]


def bmp_of_size(width: int, height: int) -> bytes:
    """Return a BMP whose header says so."""
    plain = saved("BMP")
    return plain[:18] + struct.pack("<II", width & 0xFFFFFFFF, height & 0xFFFFFFFF) + plain[26:]


def bmp_in_runs(size: tuple[int, int], runs: bytes) -> bytes:
    """Return a BMP of 8 bits whose pixels are runs: count, value, count, value …"""
    header = struct.pack("<IiiHHIIiiII", 40, *size, 1, 8, 1, 0, 0, 0, 0, 0)
    return b"BM" + struct.pack("<IHHI", 0, 0, 0, 54 + 1024) + header + bytes(1024) + runs


def of_stated_length(bmp: bytes) -> bytes:
    """Return a BMP whose header says how long the file is."""
    return bmp[:2] + struct.pack("<I", len(bmp)) + bmp[6:]


def bmp_of_four_bits_each() -> bytes:
    """Return a whole BMP with a layout of colours that Pillow does not read."""
    header = struct.pack("<IiiHHIIiiII", 56, *SIZE, 1, 16, 3, 2 * WIDTH * HEIGHT, 0, 0, 0, 0)
    header += struct.pack("<IIII", 0xF00, 0xF0, 0xF, 0xF000)
    whole = 14 + len(header) + 2 * WIDTH * HEIGHT
    return b"BM" + struct.pack("<IHHI", whole, 0, 0, 14 + 56) + header + bytes(2 * WIDTH * HEIGHT)


def turned_exif(order: str) -> bytes:
    """Return EXIF that says 6, behind tags of a length beyond the block."""
    shape = order + "HHII"
    tags = (
        struct.pack(shape, 271, 2, 0xFFFFFFF0, 0xFFFFFFF0),
        struct.pack(order + "HHIHH", 274, 3, 1, 6, 0),
    )
    head = (b"II" if order == "<" else b"MM") + struct.pack(order + "HIH", 42, 8, len(tags))
    return b"Exif\0\0" + head + b"".join(tags) + bytes(4)


def turned_by_nothing() -> bytes:
    """Return EXIF whose orientation is a list that would end behind the block."""
    tag = struct.pack("<HHII", 274, 3, 8, 24)
    return b"Exif\0\0" + struct.pack("<2sHIH", b"II", 42, 8, 1) + tag + bytes(4)


def isobmff(*brands: bytes) -> bytes:
    """Return the beginning of a file of ISO's base media format."""
    body = brands[0] + bytes(4) + b"".join(brands)
    return struct.pack(">I", 8 + len(body)) + b"ftyp" + body + bytes(40)


TURNED = SIZE[::-1]


CASES: Mapping[str, Case] = {
    "png with a long text": Case(long_text, SIZE),
    "png with a long profile": Case(long_profile, SIZE),
    "png with a profile that is no zlib": Case(
        lambda: with_chunks(png_chunk(b"iCCP", b"x\0\0nonsense")), SIZE
    ),
    "png with a text's checksum wrong": Case(lambda: with_wrong_checksum(b"tEXt"), SIZE),
    "png with a time's checksum wrong": Case(lambda: with_wrong_checksum(b"tIME"), SIZE),
    "png with a broken physical size": Case(lambda: with_chunks(png_chunk(b"pHYs", b"\1")), SIZE),
    "png with a private chunk": Case(lambda: with_chunks(png_chunk(b"prVt", bytes(99))), SIZE),
    "png with 70 texts of a megabyte": Case(
        lambda: with_chunks(*[png_chunk(b"zTXt", b"k\0\0" + zlib.compress(bytes(1_000_000)))] * 70),
        SIZE,
    ),
    "png with a broken animation": Case(lambda: with_chunks(png_chunk(b"acTL", b"\0")), SIZE),
    "png of endless chunks": Case(
        lambda: with_chunks(png_chunk(b"teSt", b"") * 110_000), PictureTooDemanding
    ),
    "jpeg of endless comments": Case(
        lambda: with_segments(segment(0xFE, b"") * 110_000), PictureTooDemanding
    ),
    "webp of endless chunks": Case(
        lambda: saved("WEBP") + (b"JUNK" + bytes(4)) * 110_000, PictureTooDemanding
    ),
    "png without its end": Case(without_end, SIZE),
    "png with a header's checksum wrong": Case(
        lambda: saved("PNG")[:29] + b"\0\0\0\0" + saved("PNG")[33:], PictureDamaged
    ),
    "png of a phone's programs": Case(
        lambda: saved("PNG")[:8] + png_chunk(b"CgBI", bytes(4)) + saved("PNG")[8:],
        PictureFormatRefused,
    ),
    "png of no height": Case(
        lambda: (
            saved("PNG")[:16]
            + (head := struct.pack(">IIBBBBB", 9, 0, 8, 2, 0, 0, 0))
            + struct.pack(">I", zlib.crc32(b"IHDR" + head))
            + saved("PNG")[33:]
        ),
        PictureHeaderNonsense,
    ),
    "jpeg turned by XMP alone": Case(xmp_turned, SIZE),
    "jpeg turned by EXIF with broken tags": Case(
        lambda: with_segments(segment(0xE1, turned_exif(">"))), TURNED
    ),
    "jpeg with an orientation that ends behind its EXIF": Case(
        lambda: with_segments(segment(0xE1, turned_by_nothing())), SIZE
    ),
    "jpeg with broken EXIF": Case(lambda: with_segments(segment(0xE1, b"Exif\0\0II*")), SIZE),
    "jpeg with segments of nothing": Case(
        lambda: with_segments(*[segment(marker, b"") for marker in (*range(0xE0, 0xF0), 0xFE)]),
        SIZE,
    ),
    "jpeg with Photoshop's resources cut": Case(
        lambda: with_segments(segment(0xED, b"Photoshop 3.0\0" + b"8BIM\x04\x04\0\0\xff")), SIZE
    ),
    "jpeg with bytes between its segments": Case(
        lambda: with_segments(segment(0xFE, b"") + b"\0\0\x12\xff\xff"), SIZE
    ),
    "jpeg with fill bytes": Case(lambda: with_segments(b"\xff\xff\xff"), SIZE),
    "jpeg with a film behind it": Case(lambda: saved("JPEG") + b"\0\0\0\x18ftypmp42" * 999, SIZE),
    "jpeg of 12 bits": Case(lambda: with_frame(0xC1, bits=12), PictureFormatRefused),
    "jpeg without loss": Case(lambda: with_frame(0xC3), PictureFormatRefused),
    "jpeg in a hierarchy": Case(lambda: with_frame(0xC5), PictureFormatRefused),
    "jpeg-ls": Case(lambda: b"\xff\xd8\xff\xf7\0\x0b" + bytes(60), PictureFormatRefused),
    "jpeg of 48 megapixels": Case(lambda: grey_jpeg((8064, 6048)), (2048, 1536)),
    "jpeg of 108 megapixels": Case(lambda: grey_jpeg((12000, 9000)), (2048, 1536)),
    "jpeg of 230 megapixels": Case(
        lambda: sized(grey_jpeg((80, 60)), (17000, 13600)), PictureTooManyPixels
    ),
    "jpeg of 24 megapixels in passes": Case(
        lambda: grey_jpeg((6000, 4000), progressive=True), (2048, 1365)
    ),
    "jpeg of 200 megapixels in passes": Case(
        lambda: sized(grey_jpeg((80, 60), progressive=True), (16320, 12240)), PictureNotBaseline
    ),
    "jpeg of 100 more scans": Case(lambda: many_scans(100), SIZE),
    "jpeg of too many scans": Case(lambda: many_scans(400, (2400, 2400)), PictureNotBaseline),
    "jpeg of scans without end": Case(lambda: many_scans(70_000), PictureNotBaseline),
    "jpeg of no height": Case(lambda: sized(saved("JPEG"), (160, 0)), PictureHeaderNonsense),
    "tiff of a camera": Case(camera_raw, PictureFormatRefused),
    "tiff of a camera, dng": Case(dng, PictureFormatRefused),
    "tiff with a preview in front": Case(
        lambda: tiff(small_picture(9, t254=1), grey_picture(200)), SIZE
    ),
    "tiff with a mask in front": Case(
        lambda: tiff(small_picture(9, t254=4), grey_picture(200)), SIZE
    ),
    "tiff with its picture under a preview": Case(
        lambda: tiff(small_picture(9, t254=1), grey_picture(200), below={0: [1]}), SIZE
    ),
    "tiff pyramid": Case(lambda: tiff(grey_picture(200), small_picture(9, t254=1)), SIZE),
    "tiff pyramid under its picture": Case(
        lambda: tiff(grey_picture(200), small_picture(9, t254=1), below={0: [1]}), SIZE
    ),
    "tiff with tags beyond measure": Case(tagged_beyond_measure, SIZE),
    "tiff whose directory follows itself": Case(endless_directories, SIZE),
    "tiff of 32 bits in colour": Case(lambda: colour_tiff(32), PictureFormatRefused),
    "tiff of floating-point colour": Case(lambda: colour_tiff(32, 3), PictureFormatRefused),
    "tiff of complex numbers": Case(lambda: colour_tiff(32, 6), PictureFormatRefused),
    "tiff of an unknown compression": Case(
        lambda: tiff(grey_picture(200, t259=34_676)), PictureFormatRefused
    ),
    "tiff in LogL": Case(lambda: tiff(grey_picture(200, t262=32844)), PictureFormatRefused),
    "tiff in Lab": Case(lab_tiff, SIZE),
    "tiff cut": Case(lambda: tiff(grey_picture(200))[:9000], PictureDamaged),
    "webp with chunks beside it": Case(webp_with_chunks, SIZE),
    "bmp of a negative width": Case(lambda: bmp_of_size(-127, 64), PictureHeaderNonsense),
    "bmp of its stated length that is not read": Case(
        lambda: of_stated_length(bmp_in_runs((200, 100), b"\xc8\1\0\0" * 50)),
        PictureFormatRefused,
    ),
    "bmp of no stated length that is not read": Case(
        lambda: bmp_in_runs((200, 100), b"\xc8\1\0\0" * 50), PictureDamaged
    ),
    "bmp cut": Case(lambda: saved("BMP")[:-99], PictureDamaged),
    "bmp from the top": Case(lambda: bmp_of_size(160, -120), SIZE),
    "bmp of four bits each": Case(bmp_of_four_bits_each, PictureFormatRefused),
    "netpbm": Case(lambda: saved("PPM"), PictureFormatRefused),
    "pcx": Case(lambda: saved("PCX"), PictureFormatRefused),
    "sgi": Case(lambda: saved("SGI"), PictureFormatRefused),
    "icns": Case(lambda: saved("ICNS"), PictureFormatRefused),
    "radiance": Case(lambda: b"#?RADIANCE\nFORMAT=32-bit_rle_rgbe\n\n", PictureFormatRefused),
    "bmp in runs": Case(lambda: bmp_in_runs((200, 100), b"\xc8\1\0\0" * 100), (200, 100)),
    "bmp in more runs than can be read in time": Case(
        lambda: bmp_in_runs((4000, 3000), b"\0\2\0\0" * 1_100_000), PictureTooDemanding
    ),
    "bmp in runs of too many pixels": Case(
        lambda: bmp_in_runs((20_000, 1_000), b"\1\1\0\0" * 1_000), PictureTooDemanding
    ),
    "jpeg with a drawing in its comment": Case(
        lambda: corpus.beside_scan(b"made from <svg xmlns='...'>", 0xFE), SIZE
    ),
    "jpeg with the mark of a scan in its comment": Case(
        lambda: corpus.beside_scan(bytes(128 - 6) + b"DICM", 0xFE), SIZE
    ),
    "png with a drawing as its prompt": Case(
        lambda: corpus.with_text("prompt", "<svg> of a cat"), SIZE
    ),
    "dicom": Case(lambda: bytes(128) + b"DICM" + bytes(40), PictureFormatRefused),
    "xcf": Case(lambda: b"gimp xcf v011\0" + bytes(40), PictureFormatRefused),
    "jpeg xr": Case(lambda: b"II\xbc\x01" + bytes(60), PictureFormatRefused),
    "jpeg xl": Case(lambda: b"\xff\x0a" + bytes(60), PictureFormatRefused),
    "mng": Case(lambda: b"\x8aMNG\r\n\x1a\n" + bytes(60), PictureFormatRefused),
    "canon cr2": Case(lambda: b"II*\0\x10\0\0\0CR\2\0" + bytes(60), PictureFormatRefused),
    "canon cr3": Case(lambda: isobmff(b"crx ", b"isom"), PictureFormatRefused),
    "olympus orf": Case(lambda: b"IIRO\x08\0\0\0" + bytes(60), PictureFormatRefused),
    "panasonic rw2": Case(lambda: b"IIU\0\x18\0\0\0" + bytes(60), PictureFormatRefused),
    "fujifilm raf": Case(lambda: b"FUJIFILMCCD-RAW 0201" + bytes(60), PictureFormatRefused),
    "sigma x3f": Case(lambda: b"FOVb\0\0\2\0" + bytes(60), PictureFormatRefused),
    "a film": Case(lambda: isobmff(b"mp42", b"isom"), NotAPicture),
    "heif of another codec": Case(lambda: isobmff(b"mif1", b"vvic"), PictureFormatRefused),
}


def exif_of(orientation: int) -> Image.Exif:
    """Return EXIF that says how to turn a picture."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    return exif
