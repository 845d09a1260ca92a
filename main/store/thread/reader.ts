import { messageOf } from '../../lib/error-text.ts';
import type { Opened, Readable } from '../database.ts';
import { openReadable } from '../database.ts';
import { sourceOf } from '../declare.ts';
import type { Queries, Source } from '../declare.ts';
import { failureKind } from '../failures.ts';
import type { Ask, FromThread } from './messages.ts';
import { storeFile } from '../store-file.ts';
import { runRead } from './perform-query.ts';

/** The read-only connection on a thread of its own: pages, history and checks never delay the writer. */
export function startReader(
  queries: Queries,
  folder: string,
  send: (message: FromThread) => void,
): { ask(ask: Ask): void } {
  let open: { readonly connection: Opened<Readable>; readonly source: Source } | null = null;

  function source(): Source {
    if (open) return open.source;
    const connection = openReadable(storeFile(folder));
    open = { connection, source: sourceOf(connection.handle) };
    return open.source;
  }

  function letGo(): void {
    open?.connection.close();
    open = null;
  }

  return {
    ask(ask) {
      try {
        if (ask.name === 'close') letGo();
        const query = queries.reads[ask.name];
        const value = query ? runRead(query, source(), ask.input) : null;
        send({ kind: 'reply', seq: ask.seq, ok: true, value });
      } catch (error) {
        if (failureKind(error) === 'bug') throw error;
        // The writer may have replaced the file: close this connection, and the next query opens a new one.
        letGo();
        send({ kind: 'reply', seq: ask.seq, ok: false, reason: messageOf(error) });
      }
    },
  };
}
