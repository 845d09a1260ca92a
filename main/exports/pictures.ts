import type { Outcome } from '../../contract/faults/faults.ts';
import type { CopyRequest } from '../../contract/pictures/picture-copy.ts';
import type { FormatOptions } from './types.ts';

/** Makes the pictures of an export, with the engine's workers: no other process decodes photos. */
export type PictureMaker = {
  thumbnail(
    path: string,
    edge: number,
    options?: { signal?: AbortSignal },
  ): Promise<Outcome<{ readonly jpeg: Uint8Array }>>;
  copy(path: string, request: CopyRequest, options?: { signal?: AbortSignal }): Promise<Outcome<Uint8Array>>;
};
/** Longer side of a photo in a report, in pixels. */
const thumbnailEdge = 320;

export const picturesBy = (
  maker: PictureMaker,
  signal?: AbortSignal,
): Required<Pick<FormatOptions, 'thumbnail' | 'copy'>> => ({
  thumbnail: async (path) => {
    const made = await maker.thumbnail(path, thumbnailEdge, { signal });
    return made.ok ? made.value.jpeg : null;
  },
  copy: (path, request) => maker.copy(path, request, { signal }),
});
