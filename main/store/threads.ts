import type { Store } from './door.ts';
import type { SentenceName, Sentences } from './language.ts';
import type { ThreadLink } from './thread-link.ts';

/** Both threads behind one door; `otherwise` is answered when neither could. */
export type Threads = Pick<Store, 'state' | 'onState' | 'close'> &
  Pick<ThreadLink, 'write'> & {
    ask<N extends SentenceName>(
      name: N,
      input: Sentences[N]['in'],
      otherwise: Sentences[N]['out'],
    ): Promise<Sentences[N]['out']>;
    askReader: Threads['ask'];
  };
