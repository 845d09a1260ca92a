/** Questions over a channel of messages, each with a number, and their answers. */
export type Asking<Q> = {
  /** Rejects when the other side is lost. */
  ask(question: Q): Promise<unknown>;
  answered(id: number, value: unknown): void;
  /** The other side is lost: nothing more is answered. */
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
