"""Small copies of images, drawn again by us: no metadata, no hidden data, never the original's bytes."""

import io
import warnings
from typing import IO

from PIL import Image, ImageOps

from evidence.kinds.images import MAX_PIXELS

MAX_SIDE_PIXELS = 1600
_QUALITY = 82


def draw_preview(file: IO[bytes]) -> bytes | None:
    """Return a JPEG of at most 1600 pixels a side, upright, without metadata; None for an unreadable image."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            with Image.open(file, formats=["JPEG", "PNG"]) as image:
                return _redraw(image)
    except Exception:
        return None


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
