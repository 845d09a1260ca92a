/** Request and reply over a message channel, matched by id. */
export type Asking<Q> = {
  /** Rejects when the peer is gone. */
  ask(question: Q): Promise<unknown>;
  answered(id: number, value: unknown): void;
  /** The peer is gone: rejects all pending and later questions. */
  fail(reason: string): void;
};

export function createAsking<Q>(send: (id: number, question: Q) => void): Asking<Q> {
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let lastId = 0;
  let lost: string | null = null;
  return {
    ask: (question) =>
      new Promise((resolve, reject) => {
        if (lost !== null) return reject(new Error(lost));
        lastId += 1;
        waiting.set(lastId, { resolve, reject });
        send(lastId, question);
      }),
    answered: (id, value) => {
      waiting.get(id)?.resolve(value);
      waiting.delete(id);
    },
    fail: (reason) => {
      lost = reason;
      for (const { reject } of waiting.values()) reject(new Error(reason));
      waiting.clear();
    },
  };
}
