import path from 'node:path';
import sharp from 'sharp';
import { root } from '../setup/paths.mjs';
import { openBare } from './bare.mjs';
import { openBenchEngine } from './bundle.mjs';
import { classifier, cores, detector, taken, withFolder } from './places.mjs';
import { atMost, median } from './rows.mjs';

const whole = 'camera-names';
/** Longer sides in pixels: 2, 5 and 12 megapixels. */
const sides = [1633, 2582, 4000];

/** A photo with one animal, found and named, ÷ a bare detector and a bare classifier that each decode it for themselves. */
export function measurePipeline({ isQuick, log }) {
  return withFolder(async (data) => {
    const photos = await Promise.all(sides.map((side) => raccoon(data, side)));
    const { engine, close } = await openBenchEngine(data);
    const threads = cores;
    const bare = {
      detector: await openBare({ ...detector, threads }),
      classifier: await openBare({ ...classifier, threads }),
    };
    try {
      const ask = async (file) => {
        const begun = performance.now();
        const { result } = taken(
          await engine.predict({
            source: { path: file },
            name: file,
            model: whole,
            useCache: false,
            priority: 'interactive',
          }),
        );
        const named = result.detections.filter(({ names }) => names.length > 0);
        if (named.length !== 1) throw new Error(`${file} shows ${named.length} animals`);
        return performance.now() - begun;
      };
      const askBare = async (file) =>
        (await bare.detector.ask({ photo: file })).ms + (await bare.classifier.ask({ photo: file })).ms;
      const ratios = [];
      for (const [at, photo] of photos.entries()) {
        const times = { engine: [], bare: [] };
        for (let turn = 0; turn < 3; turn += 1) await Promise.all([ask(photo), askBare(photo)]);
        for (let turn = 0; turn < (isQuick ? 6 : 24); turn += 1) {
          // The second of two finds the file in the page cache, so they take turns in going first.
          let ours = turn % 2 === 0 ? await ask(photo) : 0;
          const theirs = await askBare(photo);
          ours ||= await ask(photo);
          times.engine.push(ours);
          times.bare.push(theirs);
          ratios.push(ours / theirs);
        }
        const [ours, theirs] = [median(times.engine), median(times.bare)];
        log(
          `  one animal, ${sides[at]} wide: engine ${ours.toFixed(1)} ms, bare parts ${theirs.toFixed(1)} ms`,
        );
      }
      return [
        atMost('found and named, one animal of 2 to 12 MP ÷ the two bare parts', median(ratios), {
          bar: 1.1,
          unit: '×',
        }),
      ];
    } finally {
      bare.detector.close();
      bare.classifier.close();
      await close();
    }
  });
}

const model = (place) => path.join(root, 'models', place);

async function raccoon(folder, side) {
  const file = path.join(folder, `raccoon-${side}.jpg`);
  await sharp(model('camera-names/samples/raccoon.jpg')).resize(side).jpeg({ quality: 88 }).toFile(file);
  return file;
}
