import { failed, ok } from '../../contract/faults.ts';
import { reason } from '../../contract/reasons.ts';
import type { Engine } from './door.ts';
import { identify } from './input-file.ts';
import type { Pools } from './pools.ts';

/** A picture scaled to fit, by a worker that holds no model. */
export function createThumbnails(pools: Pick<Pools, 'askPictures'>): Engine['thumbnail'] {
  return async (path, edge, options = {}) => {
    const file = await identify(path, path);
    if (!file.ok) return file;
    const answered = await pools.askPictures({
      question: { kind: 'thumbnail', name: path, source: { kind: 'file', path: file.value.path }, edge },
      file: path,
      priority: 'interactive',
      signal: options.signal,
    });
    if (!answered.ok) return answered;
    const { reply, blobs } = answered.value;
    const jpeg = blobs[0];
    if (reply.kind !== 'thumbnailed' || !jpeg)
      return failed('internal', { reason: reason('odd-reply-to-thumbnail', { kind: reply.kind }) });
    const { width, height, sourceWidth, sourceHeight } = reply;
    return ok({ jpeg, width, height, sourceWidth, sourceHeight });
  };
}
