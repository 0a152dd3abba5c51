"""Figures as lossless WebP: the pixels of the notebooks' PNG, a third the bytes."""

from __future__ import annotations

from pathlib import Path

from docutils import nodes
from PIL import Image
from sphinx.application import Sphinx
from sphinx.transforms import SphinxTransform

# Where myst-nb writes the outputs of notebooks, each under a hash of its content.
OUTPUTS = "jupyter_execute"


class LightenPictures(SphinxTransform):
    """Point each figure to its WebP, made when it is first met."""

    default_priority = 200

    def apply(self, **kwargs: object) -> None:
        """Change the page in place."""
        for image in list(self.document.findall(nodes.image)):
            source = Path(self.env.srcdir, image["uri"].lstrip("/"))
            if source.suffix == ".png" and OUTPUTS in source.parts:
                lighten(source)
                image["uri"] = image["uri"].removesuffix(".png") + ".webp"


def lighten(source: Path) -> None:
    """Write a PNG's pixels as WebP beside it, unless they are there already."""
    target = source.with_suffix(".webp")
    if not target.exists():
        new = target.with_suffix(".new")
        with Image.open(source) as picture:
            picture.save(new, "WEBP", lossless=True)
        new.replace(target)  # in one step: half a file would stay for good


def setup(app: Sphinx) -> dict[str, bool]:
    """Register the above with Sphinx."""
    app.add_transform(LightenPictures)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
