"""Reads exported files with the programs of others and prints what they hold as JSON: a JSON file of paths by format, as the first word."""
import contextlib
import html.parser
import json
import os
import sys

import openpyxl
import pandas
import pyarrow.parquet
import yaml


def cells(frame):
    return [[None if pandas.isna(value) else value for value in row] for row in frame.values.tolist()]


class Page(html.parser.HTMLParser):
    """Figures, rows of tables, pictures, and what a page asks of others."""

    def __init__(self):
        super().__init__()
        self.figures, self.rows, self.asked, self.cell, self.boxes = {}, [], [], None, []

    def handle_starttag(self, tag, attributes):
        of = dict(attributes)
        self.asked += [of[name] for name in ("src", "href") if name in of and not of[name].startswith(("data:", "#"))]
        if tag == "script":
            self.asked.append("script")
        if tag == "rect" and of.get("class") == "i":
            self.boxes.append([float(of[name]) for name in ("x", "y", "width", "height")])
        if tag == "tr":
            self.rows.append([])
        if tag in ("dt", "dd", "th", "td"):
            self.cell = ""

    def handle_data(self, text):
        if self.cell is not None:
            self.cell += text

    def handle_endtag(self, tag):
        if tag == "dt":
            self.name = self.cell
        if tag == "dd":
            self.figures[self.name] = self.cell
        if tag in ("th", "td") and self.rows:
            self.rows[-1].append(self.cell)
        if tag in ("dt", "dd", "th", "td"):
            self.cell = None


def read(form, path):
    if form == "jsonl":
        frame = pandas.read_json(path, lines=True)
        return {"columns": list(frame.columns), "rows": [[one if isinstance(one, (dict, list)) or not pandas.isna(one) else None for one in row] for row in frame.values.tolist()]}
    if form in ("megadetector", "geojson"):
        with open(path, encoding="utf-8") as opened:
            return json.load(opened)
    if form == "html":
        page = Page()
        with open(path, encoding="utf-8") as opened:
            page.feed(opened.read())
        return {"figures": page.figures, "rows": page.rows, "asked": page.asked, "boxes": page.boxes}
    if form in ("csv", "csv-excel"):
        excel = form == "csv-excel"
        signs = dict(sep=";", decimal=",", encoding="utf-8-sig") if excel else {}
        frame = pandas.read_csv(path, **signs)
        return {"columns": list(frame.columns), "rows": cells(frame)}
    if form == "xlsx":
        sheet = openpyxl.load_workbook(path).worksheets[0]
        rows = list(sheet.iter_rows())
        kinds = sorted({cell.data_type for row in rows for cell in row})
        return {
            "columns": [cell.value for cell in rows[0]],
            "rows": [[cell.value for cell in row] for row in rows[1:]],
            "kinds": kinds,
        }
    if form == "parquet":
        table = pyarrow.parquet.read_table(path)
        return {
            "columns": table.column_names,
            "rows": [list(row.values()) for row in table.to_pylist()],
            "types": {field.name: str(field.type) for field in table.schema},
        }
    if form == "coco":
        from pycocotools.coco import COCO

        with contextlib.redirect_stdout(sys.stderr):
            coco = COCO(path)
        images = coco.loadImgs(coco.getImgIds())
        return [
            {
                "file": image["file_name"],
                "boxes": [
                    [coco.loadCats(found["category_id"])[0]["name"], found["bbox"]]
                    for found in coco.loadAnns(coco.getAnnIds(imgIds=image["id"]))
                ],
            }
            for image in images
        ]
    if form == "yolo":
        names = yaml.safe_load(open(os.path.join(path, "data.yaml"), encoding="utf-8"))["names"]
        found = {}
        labels = os.path.join(path, "labels")
        for folder, _, files in os.walk(labels):
            for name in files:
                whole = os.path.join(folder, name)
                lines = [line.split() for line in open(whole, encoding="utf-8")]
                key = os.path.relpath(whole, labels)
                found[key] = [[names[int(kind)], [float(value) for value in box]] for kind, *box in lines]
        return found
    raise SystemExit(f"no reader for {form}")


with open(sys.argv[1], encoding="utf-8") as listed:
    asked = json.load(listed)
print(json.dumps({form: read(form, path) for form, path in asked.items()}))
