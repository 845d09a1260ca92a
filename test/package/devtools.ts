import type { ChildProcess } from 'node:child_process';
import type { Readable, Writable } from 'node:stream';

type Answer = {
  readonly id?: number;
  readonly result?: unknown;
  readonly error?: { readonly message: string };
};

/**
 * Chromium's debugging protocol over the pipe at descriptors 3 and 4, which needs neither a network nor Node's inspector:
 * the fuses of an installed program refuse the latter.
 */
export function devtools(child: ChildProcess) {
  const to = child.stdio[3] as Writable;
  const from = child.stdio[4] as Readable;
  const waiting = new Map<number, (answer: Answer) => void>();
  let last = 0;
  let rest = '';
  from.setEncoding('utf8').on('data', (text: string) => {
    const parts = (rest + text).split('\0');
    rest = parts.pop() ?? '';
    for (const part of parts) {
      const answer = JSON.parse(part) as Answer;
      if (answer.id !== undefined) waiting.get(answer.id)?.(answer);
    }
  });
  to.on('error', () => undefined);
  // A program that ends answers nothing more.
  from.on('close', () => {
    for (const [id, answer] of waiting) answer({ id, error: { message: 'the program has ended' } });
  });

  function ask<T>(method: string, params: object = {}, sessionId?: string): Promise<T> {
    const id = (last += 1);
    return new Promise((resolve, reject) => {
      waiting.set(id, ({ result, error }) =>
        error ? reject(new Error(error.message)) : resolve(result as T),
      );
      to.write(`${JSON.stringify({ id, method, params, sessionId })}\0`);
    });
  }

  type Target = { readonly targetId: string; readonly type: string; readonly url: string };
  async function openPage() {
    const found = await until(async () => {
      const { targetInfos } = await ask<{ targetInfos: readonly Target[] }>('Target.getTargets');
      return targetInfos.find(({ type, url }) => type === 'page' && url.startsWith('outpost://app/'));
    });
    const { sessionId } = await ask<{ sessionId: string }>('Target.attachToTarget', {
      targetId: found.targetId,
      flatten: true,
    });
    /** The value of an expression in the page; waits for a promise. */
    async function value<T>(expression: string): Promise<T> {
      const params = { expression, returnByValue: true, awaitPromise: true };
      const answer = await ask<{ result: { value: T } }>('Runtime.evaluate', params, sessionId);
      return answer.result.value;
    }
    // A page that has just begun has nowhere yet to ask.
    await until(() => value<boolean>('document.readyState === "complete"').catch(() => false));
    return value;
  }
  return { ask, openPage };
}

/** Asks again and again until there is something. */
export async function until<T>(work: () => Promise<T | undefined | false>, limitMs = 60_000): Promise<T> {
  const end = Date.now() + limitMs;
  for (;;) {
    const found = await work();
    if (found !== undefined && found !== false) return found;
    if (Date.now() > end) throw new Error('waited in vain');
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
