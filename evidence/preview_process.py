"""The process that draws the small copy of one image again: no metadata, no hidden data, never the original's bytes."""

import io
import os
import sys
import warnings

from PIL import Image, ImageOps, MpoImagePlugin, TiffImagePlugin  # noqa: F401 - photographs bring parts of both

from evidence.kinds.catalogue import MAX_PIXELS
from evidence.limits import DRAWING
from evidence.sandbox import DONE, TOO_MUCH, run_shut_in

MAX_SIDE_PIXELS = 1600
_QUALITY = 82


def start() -> None:
    """Shut the process in, open standard input as an image, and write a JPEG of at most 1600 pixels a side, upright."""
    Image.preinit()
    run_shut_in(_draw, limits=DRAWING)


def _draw() -> int:
    warnings.simplefilter("ignore")
    with Image.open(sys.stdin.buffer, formats=["JPEG", "PNG"]) as image:
        small = _redraw(image)
    if small is None:
        return TOO_MUCH
    with os.fdopen(1, "wb", closefd=False) as output:
        output.write(small)
    return DONE


def _redraw(image: Image.Image) -> bytes | None:
    """Return the small copy, or None for an image with too many pixels."""
    if image.width * image.height > MAX_PIXELS:
        return None
    image.draft("RGB", (MAX_SIDE_PIXELS, MAX_SIDE_PIXELS))
    small = image
    small.thumbnail((MAX_SIDE_PIXELS, MAX_SIDE_PIXELS), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(small)
    flat = _on_white(upright)
    target = io.BytesIO()
    flat.save(target, "JPEG", quality=_QUALITY, optimize=True, exif=b"")
    return target.getvalue()


def _on_white(image: Image.Image) -> Image.Image:
    """Return the image in RGB, with transparent parts on white."""
    if "A" not in image.getbands() and "transparency" not in image.info:
        return image.convert("RGB")
    with_alpha = image.convert("RGBA")
    flat = Image.new("RGB", image.size, "white")
    flat.paste(with_alpha, mask=with_alpha.getchannel("A"))
    return flat
