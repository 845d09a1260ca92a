import type { Camera } from '../../contract/pictures/camera.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import { readCamera } from './camera/index.ts';
import type { Decoder, DecodeSpec, Picture } from './decoder.ts';
import { decodeSpec } from './preprocess.ts';
import type { TaskInput } from './tasks/index.ts';

/** Pixels a side up to which a picture that is to be cut stays as large as it is: decoded, 8192 × 8192 take 201 MB. */
const wholeSide = 8192;

type Asked = {
  readonly decoder: Decoder;
  readonly bytes: Uint8Array;
  readonly name: string;
  readonly isFast?: boolean;
  readonly thorough?: boolean;
  /** Taken while the first picture is decoded. */
  readonly digest?: string | Promise<string>;
  /** When work on the input began, as of `performance.now()`; absent: now. */
  readonly started?: number;
};

/** An input whose bytes were read; how many milliseconds its pictures have taken so far; and what the first of them says of its camera. */
export function taskInput({ decoder, bytes, name, digest, ...how }: Asked): {
  readonly input: TaskInput;
  readonly decodeMs: () => number;
  readonly camera: () => Camera | null;
} {
  const { isFast = false, thorough = false, started = performance.now() } = how;
  let decodeMs = 0;
  let exif: Uint8Array | undefined;
  const timed = async <T>(work: () => Promise<T>): Promise<T> => {
    const begun = decodeMs === 0 ? started : performance.now();
    const done = await work();
    decodeMs += performance.now() - begun;
    return done;
  };
  const decode = (spec: DecodeSpec): Promise<Outcome<Picture>> =>
    timed(async () => {
      const [picture] = await Promise.all([decoder.decode(bytes, spec, name), digest]);
      if (picture.ok) exif ??= picture.value.exif;
      return picture;
    });
  return {
    input: {
      name,
      thorough,
      picture: (steps) => decode(decodeSpec(steps, isFast)),
      whole: (steps) => decode(wholeSpec(steps)),
      cut: (from, part, resize) => timed(() => decoder.cut(from, part, resize)),
    },
    decodeMs: () => decodeMs,
    camera: () => (exif ? readCamera(exif) : null),
  };
}

/** All of a picture as it is; one of more than 8192 pixels a side is scaled to fit into that. */
export const wholeSpec = (steps: readonly PreprocessingStep[]): DecodeSpec => ({
  background: decodeSpec(steps).background,
  crop: null,
  resize: {
    op: 'resize',
    width: wholeSide,
    height: wholeSide,
    kernel: 'cubic',
    isWhole: true,
    isLimit: true,
  },
});
