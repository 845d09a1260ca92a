import { Writable } from 'node:stream';
import { openTerminal } from '../../main/cli/terminal.ts';

/** A terminal whose output is a text. */
export function terminal(isTTY: boolean): {
  readonly of: ReturnType<typeof openTerminal>;
  out(): string;
  error(): string;
} {
  const output = { out: '', error: '' };
  const stream = (name: 'out' | 'error') =>
    Object.assign(
      new Writable({
        write(chunk: Buffer, _encoding, done) {
          output[name] += chunk.toString();
          done();
        },
      }),
      { isTTY, columns: 80 },
    );
  const of = openTerminal(
    { out: stream('out'), error: stream('error') },
    { isQuiet: false, isVerbose: true, isColored: true },
  );
  return { of, out: () => output.out, error: () => output.error };
}
