import type { Http2Session, ServerHttp2Stream } from 'node:http2';

export type Goaway = {
  /** A call came on this stream. Returns what is to be called before its status is sent. */
  begin(stream: ServerHttp2Stream): () => void;
  /** From now on each connection gets GOAWAY while a call of it is under way. */
  end(): void;
};

/**
 * GOAWAY (RFC 9113, 6.8) names the last stream that is answered, and Node sends it once: a call that a proxy sent before it
 * read that is dropped, and nginx keeps no body to send it again. A proxy has one call at a time on a connection, and
 * sends the next one after the answer. So GOAWAY is sent ahead of an answer: to connections with a call under way at
 * once, to idle ones with their next call.
 */
export function createGoaway(): Goaway {
  const calls = new Map<Http2Session, number>();
  let isEnding = false;
  return {
    begin: (stream) => {
      const { session } = stream;
      if (!session) return () => undefined;
      let isUnderWay = true;
      const settle = (): void => {
        if (!isUnderWay) return;
        isUnderWay = false;
        const left = (calls.get(session) ?? 1) - 1;
        if (left > 0) calls.set(session, left);
        else calls.delete(session);
      };
      calls.set(session, (calls.get(session) ?? 0) + 1);
      stream.once('close', settle);
      if (isEnding && !session.closed) session.close();
      return settle;
    },
    end: () => {
      isEnding = true;
      for (const session of calls.keys()) if (!session.closed) session.close();
    },
  };
}
