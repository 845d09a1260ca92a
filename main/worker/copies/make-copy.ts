import type { Box } from '../../../contract/pictures/boxes.ts';
import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { CopyRequest } from '../../../contract/pictures/picture-copy.ts';
import type { Decoder } from '../decoder.ts';
import { wholeSpec } from '../task-input.ts';
import { blurBox, drawBox } from './draw.ts';
import type { Area } from './draw.ts';
import { editExif } from './exif-block.ts';
import { drawLabel } from './label.ts';
import { openLetters } from './letters.ts';
import { isJpeg, retellJpeg, withExif } from './jpeg-segments.ts';

/**
 * The bytes of a copy. A JPEG on which nothing is drawn keeps its very pixels; every other picture becomes a new JPEG, upright,
 * of at most 8192 pixels a side. Faults: those of decoding.
 */
export async function makeCopy(
  decoder: Decoder,
  bytes: Uint8Array,
  { request, name }: { readonly request: CopyRequest; readonly name: string },
): Promise<Outcome<Uint8Array>> {
  const { marks, blurs, exif, width, height } = request;
  const isDrawn = marks.length > 0 || blurs.length > 0;
  if (!isDrawn && isJpeg(bytes)) {
    if (exif === 'keep') return ok(bytes);
    const retold = retellJpeg(bytes, exif);
    if (retold) return ok(retold);
  }
  const decoded = await decoder.decode(bytes, wholeSpec([]), name);
  if (!decoded.ok) return decoded;
  const picture = decoded.value;
  const [across, down] = [picture.outWidth / width, picture.outHeight / height];
  const scaled = ([left, top, right, bottom]: Box): Box => [
    left * across,
    top * down,
    right * across,
    bottom * down,
  ];
  for (const box of blurs) blurBox(picture, scaled(box));
  // The strongest is drawn last, over the others; its label has the first choice of places.
  for (const { box, index } of marks.toReversed()) drawBox(picture, scaled(box), index);
  if (marks.length > 0) {
    const letters = await openLetters();
    const taken: Area[] = [];
    for (const mark of marks)
      taken.push(drawLabel(picture, { ...mark, box: scaled(mark.box) }, { letters, taken }));
  }
  const jpeg = await decoder.encode(picture);
  if (exif === 'strip' || !picture.exif) return ok(jpeg);
  const edit = { place: exif === 'no-place', previews: blurs.length > 0, isUpright: true };
  const block = editExif(picture.exif, edit);
  return ok(block ? withExif(jpeg, block) : jpeg);
}
