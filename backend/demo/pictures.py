"""Small invented files for the demo's evidence: a pay slip, a chat, an attendance sheet as PDF."""

from __future__ import annotations

import io
import random

from PIL import Image, ImageDraw

_PAPER, _INK, _LINE, _BUBBLE = "#fbfaf5", "#30343b", "#c9c6bb", "#9be28c"


def payslip(random: random.Random) -> bytes:
    """A photographed pay slip as JPEG, with figures only."""
    image = Image.new("RGB", (720, 520), _PAPER)
    draw = ImageDraw.Draw(image)
    for row in range(9):
        top = 40 + row * 50
        draw.line((40, top, 680, top), fill=_LINE, width=2)
        figure = f"{random.randrange(20, 900) * 10}.00"
        draw.text((70, top + 14), f"{row + 1:02d}", fill=_INK, font_size=22)
        draw.text((520, top + 14), figure, fill=_INK, font_size=22)
    return _saved(image, "JPEG")


def chat(random: random.Random) -> bytes:
    """A screenshot of a chat as PNG, with bubbles instead of words."""
    image = Image.new("RGB", (540, 960), "#ededed")
    draw = ImageDraw.Draw(image)
    top = 60
    while top < 860:
        width, height = random.randrange(140, 380), random.randrange(44, 110)
        is_mine = random.random() < 0.5
        left = 500 - width if is_mine else 40
        box = (left, top, left + width, top + height)
        draw.rounded_rectangle(box, radius=12, fill=_BUBBLE if is_mine else "white")
        top += height + 28
    return _saved(image, "PNG")


def attendance(random: random.Random) -> bytes:
    """A month's attendance sheet as a PDF of one page."""
    image = Image.new("RGB", (800, 1000), "white")
    draw = ImageDraw.Draw(image)
    for day in range(31):
        top = 30 + day * 30
        hours = random.choice((8, 8, 9, 10, 11, 0))
        draw.text((60, top), f"{day + 1:02d}   {hours:>2} h", fill=_INK, font_size=20)
        draw.line((60, top + 26, 740, top + 26), fill=_LINE)
    return _saved(image, "PDF")


def _saved(image: Image.Image, form: str) -> bytes:
    data = io.BytesIO()
    image.save(data, form)
    return data.getvalue()
