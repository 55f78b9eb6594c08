"""Pictures of every kind a member may send, made on the spot, each with what must become of it."""

import functools
import io
import struct
import zlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import pillow_heif
from PIL import ExifTags, Image, ImageCms, ImageDraw, PngImagePlugin

from bot.domain.errors import NotPossible
from bot.domain.pictures.errors import (
    NotAPicture,
    PictureDamaged,
    PictureFormatRefused,
    PictureTooManyPixels,
    PictureTooNarrow,
    PictureTooSmall,
)

SIZE = (160, 120)
BESIDE = (b"tEXt", b"zTXt", b"iTXt", b"eXIf", b"gAMA", b"cHRM", b"sRGB", b"pHYs", b"tIME", b"acTL")
TURNED = (
    b"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-"
    b"syntax-ns#'><rdf:Description xmlns:tiff='http://ns.adobe.com/tiff/1.0/'><tiff:Orientation>6"
    b"</tiff:Orientation></rdf:Description></rdf:RDF></x:xmpmeta>"
)


@dataclass(frozen=True, slots=True)
class Case:
    """A file, and either the size of the fitted picture or the refusal."""

    make: Callable[[], bytes]
    becomes: tuple[int, int] | type[NotPossible]


def photo(mode: str = "RGB", size: tuple[int, int] = SIZE) -> Image.Image:
    """Return a picture with a red left half, a blue right half and a white disc."""
    picture = Image.new("RGB", size, "red")
    pen = ImageDraw.Draw(picture)
    pen.rectangle((size[0] // 2, 0, *size), fill="blue")
    pen.ellipse((size[0] // 3, size[1] // 4, size[0] * 2 // 3, size[1] * 3 // 4), fill="white")
    if mode.startswith("I"):
        return (
            Image.linear_gradient("L")
            .resize(size)
            .convert("I")
            .point(lambda v: v * 257)
            .convert(mode)
        )
    return picture.convert(mode)


def saved(kind: str, mode: str = "RGB", size: tuple[int, int] = SIZE, **options: object) -> bytes:
    """Return `photo` as a file."""
    out = io.BytesIO()
    photo(mode, size).save(out, kind, **options)
    return out.getvalue()


def phone_heic() -> bytes:
    """Return `photo` as phones save it: HEIC, in tiles."""
    out = io.BytesIO()
    picture = pillow_heif.from_pillow(photo(size=(700, 525)))
    picture.save(out, quality=90, tile_size=256, enc_params={"preset": "ultrafast"})
    return out.getvalue()


def animated(kind: str) -> bytes:
    """Return three frames, the first of them `photo`."""
    more = [Image.new("RGB", SIZE, colour) for colour in ("green", "yellow")]
    return saved(kind, save_all=True, append_images=more)


def with_exif(kind: str = "JPEG", orientation: int = 6) -> bytes:
    """Return a photo with everything in it that nobody means to send."""
    exif = Image.Exif()
    exif[ExifTags.Base.Orientation] = orientation
    exif[ExifTags.Base.Make] = "SecretCamera"
    exif.get_ifd(ExifTags.IFD.GPSInfo)[ExifTags.GPS.GPSLatitude] = (52.0, 31.0, 12.0)
    return saved(kind, exif=exif, **({"comment": b"SecretComment"} if kind == "JPEG" else {}))


def png(width: int, height: int, bits: int = 1) -> bytes:
    """Return a black grey-scale PNG, built row by row so that a huge one costs nothing."""
    packer = zlib.compressobj(9)
    row = bytes(1 + (width * bits + 7) // 8)
    body = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", body), (b"IEND", b""))
    return b"\x89PNG\r\n\x1a\n" + b"".join(png_chunk(*chunk) for chunk in chunks)


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return a chunk with its length and checksum."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def text_bomb() -> bytes:
    """Return a PNG with a text of 50 MB, packed to 50 kB."""
    return beside_pixels(png_chunk(b"zTXt", b"Comment\0\0" + zlib.compress(bytes(50_000_000), 9)))


def beside_pixels(*chunks: bytes) -> bytes:
    """Return a PNG with these chunks behind its header."""
    plain = saved("PNG")
    return plain[:33] + b"".join(chunks) + plain[33:]


def with_profile(padding: int) -> bytes:
    """Return a PNG with a good colour profile that has so many bytes more than it needs."""
    good = srgb_profile()
    large = struct.pack(">I", len(good) + padding) + good[4:] + bytes(padding)
    return beside_pixels(png_chunk(b"iCCP", b"display\0\0" + zlib.compress(large)))


def beside_scan(*bodies_and_markers: bytes | int) -> bytes:
    """Return a JPEG with these segments before all others: body, marker, body, marker …"""
    plain, segments = saved("JPEG"), b""
    for body, marker in zip(bodies_and_markers[::2], bodies_and_markers[1::2], strict=True):
        assert isinstance(body, bytes)
        segments += struct.pack(">BBH", 0xFF, marker, 2 + len(body)) + body
    return plain[:2] + segments + plain[2:]


def turned_png() -> bytes:
    """Return a PNG whose XMP says that it lies on its side."""
    info = PngImagePlugin.PngInfo()
    info.add_itxt("XML:com.adobe.xmp", TURNED.decode())
    return saved("PNG", pnginfo=info)


def cut(data: bytes) -> bytes:
    """Return the first half of a file."""
    return data[: len(data) // 2]


def broken_stream() -> bytes:
    """Return a PNG whose packed pixels begin with a block of a type that does not exist."""
    data = saved("PNG")
    first = data.index(b"IDAT") + 6
    return data[:first] + b"\xff" + data[first + 1 :]


def float_tiff() -> bytes:
    """Return a TIFF of floating-point pixels."""
    out = io.BytesIO()
    photo("L").convert("F").save(out, "TIFF")
    return out.getvalue()


def palette_with_hole() -> bytes:
    """Return a palette PNG one of whose colours is transparent."""
    return saved("PNG", "P", transparency=0)


def rgba() -> bytes:
    """Return a PNG that is wholly transparent over red."""
    out = io.BytesIO()
    Image.new("RGBA", SIZE, (255, 0, 0, 0)).save(out, "PNG")
    return out.getvalue()


@functools.cache
def srgb_profile() -> bytes:
    """Return a colour profile; one made in another second would say so and be another."""
    return ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


def grey_profile(gamma: float) -> bytes:
    """Return a colour profile of grey pixels (ICC.1:2022: header, table of tags, two tags)."""
    d50 = struct.pack(">3i", 63190, 65536, 54061)
    white = b"XYZ \0\0\0\0" + d50
    curve = b"curv\0\0\0\0" + struct.pack(">IH", 1, round(gamma * 256)) + b"\0\0"
    table = struct.pack(">I", 2)
    table += struct.pack(">4sII", b"wtpt", 156, len(white))
    table += struct.pack(">4sII", b"kTRC", 156 + len(white), len(curve))
    size = 128 + len(table) + len(white) + len(curve)
    header = struct.pack(
        ">I4xI4s4s4s12x4s24x4x12s", size, 0x02400000, b"mntr", b"GRAY", b"XYZ ", b"acsp", d50
    )
    return header.ljust(128, b"\0") + table + white + curve


def webp_bomb() -> bytes:
    """Return a WebP whose header claims 16384 pixels a side."""
    body = b"\0\0\0\0" + (16383).to_bytes(3, "little") * 2
    rest = saved("WEBP")[12:]
    body = b"VP8X" + struct.pack("<I", 10) + body + rest
    return b"RIFF" + struct.pack("<I", 4 + len(body)) + b"WEBP" + body


def with_text(key: str, text: str) -> bytes:
    """Return a PNG with a text chunk."""
    info = PngImagePlugin.PngInfo()
    info.add_text(key, text)
    return saved("PNG", pnginfo=info)


CASES: Mapping[str, Case] = {
    "jpeg": Case(lambda: saved("JPEG"), SIZE),
    "jpeg cut": Case(lambda: cut(saved("JPEG", size=(800, 600))), PictureDamaged),
    "jpeg grey": Case(lambda: saved("JPEG", "L"), SIZE),
    "jpeg cmyk": Case(lambda: saved("JPEG", "CMYK"), SIZE),
    "jpeg orientation 6": Case(with_exif, SIZE[::-1]),
    "jpeg broken profile": Case(lambda: saved("JPEG", icc_profile=b"nonsense" * 20), SIZE),
    "jpeg good profile": Case(lambda: saved("JPEG", icc_profile=srgb_profile()), SIZE),
    "jpeg mpo": Case(lambda: animated("MPO"), SIZE),
    "png": Case(lambda: saved("PNG"), SIZE),
    "png cut": Case(lambda: cut(saved("PNG")), PictureDamaged),
    "png with a broken stream": Case(broken_stream, PictureDamaged),
    "png rgba": Case(rgba, SIZE),
    "png la": Case(lambda: saved("PNG", "LA"), SIZE),
    "png palette with a hole": Case(palette_with_hole, SIZE),
    "png 16 bit": Case(lambda: saved("PNG", "I;16"), SIZE),
    "png animated": Case(lambda: animated("PNG"), SIZE),
    "png bomb of 900 megapixels": Case(lambda: png(30_000, 30_000), PictureTooManyPixels),
    "png of 24.9 megapixels in 3 kB": Case(lambda: png(4990, 4990), (2048, 2048)),
    "png bomb of text, which nobody unpacks": Case(text_bomb, SIZE),
    "png with a profile over a megabyte": Case(lambda: with_profile(1_200_000), SIZE),
    "png with a profile of another kind": Case(
        lambda: beside_pixels(png_chunk(b"iCCP", b"x\0\7nonsense")), SIZE
    ),
    "png with wrong checksums beside its pixels": Case(
        lambda: beside_pixels(*(png_chunk(kind, b"a")[:-4] + b"oops" for kind in BESIDE)), SIZE
    ),
    "png with chunks too short to be anything": Case(
        lambda: beside_pixels(*(png_chunk(kind, b"") for kind in BESIDE)), SIZE
    ),
    "png with something behind its end": Case(lambda: saved("PNG") + b"more" * 99, SIZE),
    "jpeg with segments too short to be anything": Case(
        lambda: beside_scan(b"ICC_PROFILE\0", 0xE2, b"JFIF\0", 0xE0, b"Adobe", 0xEE), SIZE
    ),
    "jpeg with broken exif": Case(
        lambda: beside_scan(b"Exif\0\0II*\0\xff\xff\xff\xff", 0xE1), SIZE
    ),
    "jpeg turned by xmp alone": Case(lambda: saved("JPEG", xmp=TURNED), SIZE),
    "png turned by xmp alone": Case(turned_png, SIZE),
    "webp turned by xmp alone": Case(lambda: saved("WEBP", xmp=TURNED), SIZE),
    "tiff turned by xmp alone": Case(lambda: saved("TIFF", tiffinfo={700: TURNED}), SIZE),
    "webp with something behind its end": Case(lambda: saved("WEBP") + b"more" * 99, SIZE),
    "webp": Case(lambda: saved("WEBP"), SIZE),
    "webp lossless": Case(lambda: saved("WEBP", "RGBA", lossless=True), SIZE),
    "webp cut": Case(lambda: cut(saved("WEBP")), PictureDamaged),
    "webp animated": Case(lambda: animated("WEBP"), SIZE),
    "webp bomb": Case(webp_bomb, PictureTooManyPixels),
    "bmp": Case(lambda: saved("BMP"), SIZE),
    "tiff": Case(lambda: saved("TIFF"), SIZE),
    "tiff 16 bit": Case(lambda: saved("TIFF", "I;16"), SIZE),
    "tiff float": Case(float_tiff, PictureFormatRefused),
    "tiff cmyk lzw": Case(lambda: saved("TIFF", "CMYK", compression="tiff_lzw"), SIZE),
    "tiff many pages": Case(lambda: animated("TIFF"), SIZE),
    "tiff orientation 6": Case(lambda: with_exif("TIFF"), SIZE[::-1]),
    "gif": Case(lambda: animated("GIF"), PictureFormatRefused),
    "ico": Case(lambda: saved("ICO"), PictureFormatRefused),
    "jpeg 2000": Case(lambda: saved("JPEG2000"), PictureFormatRefused),
    "psd": Case(lambda: b"8BPS\0\1" + bytes(40), PictureFormatRefused),
    "eps": Case(lambda: saved("EPS"), PictureFormatRefused),
    "pdf": Case(lambda: saved("PDF"), PictureFormatRefused),
    "svg": Case(
        lambda: b"<?xml version='1.0'?>\n<svg xmlns='http://www.w3.org/2000/svg'/>",
        PictureFormatRefused,
    ),
    "html": Case(lambda: b"<!doctype html><title>no</title>", NotAPicture),
    "text that begins with BM": Case(lambda: b"BMW is a maker of cars, not a bitmap", NotAPicture),
    "empty": Case(lambda: b"", NotAPicture),
    "a side of 50": Case(lambda: saved("PNG", size=(50, 300)), PictureTooSmall),
    "a side of 51": Case(lambda: saved("PNG", size=(51, 300)), (51, 300)),
    "the longest ribbon": Case(lambda: saved("PNG", size=(6000, 150)), (2048, 51)),
    "a ribbon": Case(lambda: saved("PNG", size=(6000, 60)), PictureTooNarrow),
    "larger than wanted": Case(lambda: saved("JPEG", size=(3000, 1500)), (2048, 1024)),
}
