import { createInterface } from 'node:readline';

/** The inputs in order; `-` stands for the paths on standard input, one a line. */
export async function* readInputs(words: readonly string[], signal: AbortSignal): AsyncGenerator<string> {
  let isRead = false;
  for (const word of words) {
    if (signal.aborted) return;
    if (word !== '-') yield word;
    else if (!isRead) {
      isRead = true;
      yield* readLines(signal);
    }
  }
}

async function* readLines(signal: AbortSignal): AsyncGenerator<string> {
  const lines = createInterface({ input: process.stdin, crlfDelay: Infinity, signal });
  try {
    for await (const line of lines) {
      if (line.trim() !== '') yield line;
    }
  } finally {
    lines.close();
    // An open standard input would keep the process alive.
    process.stdin.destroy();
  }
}
