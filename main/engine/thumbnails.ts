import { failed, ok } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import type { PictureSource } from '../../contract/wire.ts';
import type { Engine } from './types.ts';
import { identify } from './files/index.ts';
import type { PoolRequest, Pools } from './pool/index.ts';
import type { Answered, Question } from './workers/index.ts';

/** What is made of a picture without a model: scaled to fit, or prepared as a model would get it. */
export function createThumbnails(
  pools: Pick<Pools, 'askPictures'>,
): Pick<Engine, 'thumbnail' | 'copy' | 'prepare'> {
  const ask = async (
    path: string,
    question: (source: PictureSource) => Question,
    options: Pick<PoolRequest, 'signal'> & Partial<Pick<PoolRequest, 'priority' | 'isBounded'>>,
  ): Promise<Outcome<Answered>> => {
    const file = await identify(path, path);
    if (!file.ok) return file;
    return pools.askPictures({
      question: question({ kind: 'file', path: file.value.path }),
      file: path,
      priority: 'interactive',
      ...options,
    });
  };
  return {
    thumbnail: async (path, edge, { signal } = {}) => {
      const asked = await ask(path, (source) => ({ kind: 'thumbnail', name: path, source, edge }), {
        signal,
      });
      if (!asked.ok) return asked;
      const { reply, blobs } = asked.value;
      const jpeg = blobs[0];
      if (reply.kind !== 'thumbnailed' || !jpeg) return unexpectedReply(reply.kind);
      const { width, height, sourceWidth, sourceHeight } = reply;
      return ok({ jpeg, width, height, sourceWidth, sourceHeight });
    },
    copy: async (path, request, { signal } = {}) => {
      // Whoever looks at pictures meanwhile goes first; an export asks for no more than it can use.
      const behind = { signal, priority: 'batch', isBounded: false } as const;
      const asked = await ask(path, (source) => ({ kind: 'copy', name: path, source, request }), behind);
      if (!asked.ok) return asked;
      const { reply, blobs } = asked.value;
      const copy = blobs[0];
      return reply.kind === 'copied' && copy ? ok(copy) : unexpectedReply(reply.kind);
    },
    prepare: async (path, steps, { signal } = {}) => {
      const asked = await ask(path, (source) => ({ kind: 'prepare', name: path, source, steps }), { signal });
      if (!asked.ok) return asked;
      const { reply, blobs } = asked.value;
      const pixels = blobs[0];
      if (reply.kind !== 'prepared' || !pixels) return unexpectedReply(reply.kind);
      const { width, height, sourceWidth, sourceHeight, seen, channels } = reply;
      return ok({ width, height, sourceWidth, sourceHeight, seen, channels, pixels });
    },
  };
}

const unexpectedReply = (kind: string): Outcome<never> =>
  failed('internal', { reason: reason('odd-reply-to-thumbnail', { kind }) });
