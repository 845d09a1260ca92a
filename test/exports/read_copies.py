"""
Reads copies of photos beside their originals with Pillow and prints what both hold as JSON. The first word is a JSON file of
copies by name: {"original", "copy"}, and what is measured there: "areas" (left, top, right, bottom of the upright picture),
"points", and "squares": {"from": [left, top], "side", "across", "down"}.
"""
import json
import sys

import numpy
from PIL import ExifTags, Image, ImageOps

FIRST = {"make": 0x010F, "model": 0x0110, "orientation": 0x0112}
PHOTO = {"takenAt": 0x9003, "offset": 0x9011, "serial": 0xA431, "temperature": 0x9400}
MAKER_NOTE = 0x927C
GPS = ExifTags.GPS


def degrees(values, sign):
    whole, minutes, seconds = (float(value) for value in values)
    return round((whole + minutes / 60 + seconds / 3600) * (-1 if sign in ("S", "W") else 1), 6)


def tags_of(picture):
    """What the file says besides its pixels."""
    exif = picture.getexif()
    photo, gps, small = (exif.get_ifd(each) for each in (ExifTags.IFD.Exif, ExifTags.IFD.GPSInfo, ExifTags.IFD.IFD1))
    tags = {name: exif[tag] for name, tag in FIRST.items() if tag in exif}
    tags |= {name: photo[tag] for name, tag in PHOTO.items() if tag in photo}
    if "temperature" in tags:
        tags["temperature"] = float(tags["temperature"])
    if gps:
        tags["latitude"] = degrees(gps[GPS.GPSLatitude], gps[GPS.GPSLatitudeRef])
        tags["longitude"] = degrees(gps[GPS.GPSLongitude], gps[GPS.GPSLongitudeRef])
        tags["altitude"] = float(gps[GPS.GPSAltitude])
    tags["hasNote"] = MAKER_NOTE in photo
    tags["hasThumbnail"] = len(small) > 0
    tags["others"] = sorted(set(picture.info) - {"exif", "jfif", "jfif_version", "jfif_unit", "jfif_density", "dpi"})
    return tags


def pixels(picture):
    return numpy.asarray(ImageOps.exif_transpose(picture).convert("RGB"), dtype=float)


def compare(asked):
    with Image.open(asked["original"]) as original, Image.open(asked["copy"]) as copy:
        before, after = pixels(original), pixels(copy)
        read = {"format": copy.format, "size": list(copy.size), "before": tags_of(original), "after": tags_of(copy)}
    read["upright"] = [after.shape[1], after.shape[0]]
    read["isSame"] = before.shape == after.shape and bool((before == after).all())
    read["areas"] = {
        name: float(abs(before[top:bottom, left:right] - after[top:bottom, left:right]).mean())
        for name, (left, top, right, bottom) in asked.get("areas", {}).items()
    }
    read["points"] = {name: after[y, x].tolist() for name, (x, y) in asked.get("points", {}).items()}
    if "squares" in asked:
        read["squares"] = squares(asked["squares"], before, after)
    return read


def squares(asked, before, after):
    """Of the middle of each square, where its neighbours do not show: how far it is from its mean before, and how even."""
    (left, top), side = asked["from"], asked["side"]
    found = []
    for down in range(asked["down"]):
        for across in range(asked["across"]):
            x, y = left + across * side, top + down * side
            was = before[y : y + side, x : x + side].reshape(-1, 3)
            now = after[y + 6 : y + side - 6, x + 6 : x + side - 6].reshape(-1, 3)
            off = abs(now.mean(axis=0) - was.mean(axis=0)).max()
            found.append([float(off), float(now.std(axis=0).max()), float(was.std(axis=0).max())])
    return found


with open(sys.argv[1], encoding="utf-8") as listed:
    print(json.dumps({name: compare(asked) for name, asked in json.load(listed).items()}))
