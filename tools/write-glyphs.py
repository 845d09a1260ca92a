"""Writes main/worker/copies/glyphs.json: outlines of the letters that are drawn on marked copies.

From the files of @fontsource-variable/inter (SIL Open Font Licence), at weight 600, curves as short lines, on a grid of 500 to the em.
Needs fonttools and brotli: python3 tools/write-glyphs.py
"""
import json
import pathlib

from fontTools.pens.basePen import BasePen
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

root = pathlib.Path(__file__).resolve().parent.parent
fonts = root / "node_modules/@fontsource-variable/inter/files"
em = 500
wanted = [*range(0x20, 0x7F), *range(0xA0, 0x180), *range(0x386, 0x3CF), 0x401, 0x404, 0x406, 0x407, *range(0x410, 0x450), 0x451, 0x454, 0x456, 0x457, 0x490, 0x491, 0x2013, 0x2019, 0x2026]


class Lines(BasePen):
    """Closed contours of points; each quadratic curve in two lines, within a pixel at the largest size of a label."""

    def __init__(self, glyphs, scale):
        super().__init__(glyphs)
        self.contours, self.scale = [], scale

    def add(self, point):
        rounded = [round(value * self.scale) for value in point]
        if not self.contours[-1] or self.contours[-1][-1] != rounded:
            self.contours[-1].append(rounded)

    def _moveTo(self, point):
        self.contours.append([])
        self.add(point)

    def _lineTo(self, point):
        self.add(point)

    def _qCurveToOne(self, control, end):
        start = self._getCurrentPoint()
        for step in (0.5, 1):
            self.add([a * (1 - step) ** 2 + 2 * b * step * (1 - step) + c * step**2 for a, b, c in zip(start, control, end)])


glyphs = {}
for subset in ("latin", "latin-ext", "greek", "cyrillic"):
    font = instantiateVariableFont(TTFont(fonts / f"inter-{subset}-wght-normal.woff2"), {"wght": 600})
    names, shapes = font.getBestCmap(), font.getGlyphSet()
    scale = em / font["head"].unitsPerEm
    for code in wanted:
        if code not in names or chr(code) in glyphs:
            continue
        pen = Lines(shapes, scale)
        shapes[names[code]].draw(pen)
        contours = [" ".join(f"{x},{y}" for x, y in contour) for contour in pen.contours]
        glyphs[chr(code)] = ";".join([str(round(shapes[names[code]].width * scale)), *contours])

to = root / "main/worker/copies/glyphs.json"
to.write_text(json.dumps({"em": em, "glyphs": dict(sorted(glyphs.items()))}, ensure_ascii=False, indent=2) + "\n")
print(len(glyphs), "glyphs,", to.stat().st_size, "bytes")
