import { onAbort } from '../lib/abort.ts';
import { readList } from '../lib/text-list.ts';

type InputOptions = {
  readonly signal: AbortSignal;
  /** Names are separated by NUL bytes, as `find -print0` writes them. */
  readonly isNull?: boolean;
};
/** `listed`: how many names came from standard input so far; null where no list was asked for. */
export type Inputs = { readonly paths: AsyncIterable<string>; listed(): number | null };

/** The inputs in order; `-` stands for the list of paths on standard input. */
export function openInputs(args: readonly string[], options: InputOptions): Inputs {
  let count: number | null = null;
  async function* read(): AsyncGenerator<string> {
    for (const word of args) {
      if (options.signal.aborted) return;
      if (word !== '-') yield word;
      else if (count === null) {
        count = 0;
        for await (const name of readStandardInput(options)) {
          count += 1;
          yield name;
        }
      }
    }
  }
  return { paths: read(), listed: () => count };
}

async function* readStandardInput({ signal, isNull }: InputOptions): AsyncGenerator<string> {
  // An open stdin would keep the event loop alive.
  const stop = (): void => void process.stdin.destroy();
  const stopListening = onAbort(signal, stop);
  try {
    for await (const name of readList(process.stdin, { isNull })) {
      if (signal.aborted) return;
      yield name;
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    stopListening();
    stop();
  }
}
