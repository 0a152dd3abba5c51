"""Figures can be seen: every colour stands out on the page, light and dark.

In the dark theme a figure is inverted by ``invert(.93) hue-rotate(180deg)``. The
matrices are those of the CSS Filter Effects specification.
"""

from __future__ import annotations

import re

import numpy as np
import pytest
from conftest import ROOT
from matplotlib.colors import to_rgb

from course.plots import style
from course.plots.labels import darker

WHITE = np.ones(3)
# WCAG 1.4.11 and 1.4.3.
GRAPHICS, TEXT = 3.0, 4.5
RULE = re.compile(r"filter: invert\(([.\d]+)\) hue-rotate\(180deg\)")
INKS = re.findall(
    r"^(\w+\.\w*color): (\w+)$", style.STYLE.read_text(encoding="utf-8"), re.MULTILINE
)


def luminance(rgb: np.ndarray) -> float:
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def contrast(a: np.ndarray, b: np.ndarray) -> float:
    high, low = sorted((luminance(a), luminance(b)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def dark(rgb: np.ndarray) -> np.ndarray:
    """Return a colour as the dark theme's filter shows it."""
    amount = float(RULE.search((ROOT / "web/static/book.css").read_text("utf-8"))[1])
    inverted = rgb * (1 - amount) + (1 - rgb) * amount
    weights = np.array([0.213, 0.715, 0.072])
    # cos 180° = -1, sin 180° = 0: twice the grey, less the colour.
    return np.clip(2 * (weights @ inverted) - inverted, 0, 1)


def both(colour: str) -> list[float]:
    """Return a colour's contrast to the page in the light and in the dark theme."""
    ink = np.array(to_rgb(colour))
    return [contrast(ink, WHITE), contrast(dark(ink), dark(WHITE))]


def test_the_filter_makes_white_the_dark_page():
    css = (ROOT / "web/static/book.css").read_text("utf-8")
    page = re.search(r"--pst-color-background: (#\w{6})", css)[1]
    np.testing.assert_allclose(dark(WHITE), to_rgb(page), atol=1 / 255)


@pytest.mark.parametrize("colour", style.COLOURS)
def test_a_line_of_each_meaning_is_seen(colour):
    # The palette's own figures are 3.0 and a little: nothing is rounded up.
    assert min(both(colour)) >= GRAPHICS


@pytest.mark.parametrize(
    ("name", "colour"), [(n, c) for n, c in INKS if c not in ("white",)]
)
def test_the_words_of_a_figure_are_read(name, colour):
    assert min(both(f"#{colour}")) >= TEXT


@pytest.mark.parametrize("colour", style.COLOURS[1:])
def test_words_in_a_colour_are_read(colour):
    assert min(both(darker(colour))) >= TEXT
