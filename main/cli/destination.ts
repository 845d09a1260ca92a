import { isDiskFull, systemCode, writeFault } from '../../contract/faults/disk-faults.ts';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import { messageOf } from '../lib/error-text.ts';
import { draftOf, openOutput } from '../lib/output-file.ts';
import type { Terminal } from './terminal.ts';

/** Where results are written. `write` resolves to false once the reader has gone (EPIPE). */
export type Destination = {
  write(text: string): Promise<Outcome<boolean>>;
  /** Commits the output (rename); without it an existing file is unchanged. */
  keep(): Promise<Outcome<void>>;
  discard(): Promise<void>;
};
type DestinationOptions = {
  readonly command: string;
  readonly form: 'json' | 'csv' | 'text';
  readonly signal?: AbortSignal;
};

/** Standard output (also as `-` or /dev/stdout), or a file as `openOutput` writes it. */
export async function openDestination(
  file: string | undefined,
  terminal: Pick<Terminal, 'print' | 'printData'>,
  { command, form, signal }: DestinationOptions,
): Promise<Outcome<Destination>> {
  if (file === undefined || file === '-' || file === '/dev/stdout') {
    const print = (text: string): Promise<boolean> =>
      form === 'text' ? terminal.print(text) : terminal.printData(text, form);
    return ok({
      write: async (text) => ok(text === '' || (await print(text))),
      keep: async () => ok(undefined),
      discard: async () => undefined,
    });
  }
  const attempt = async <T>(work: () => Promise<T>): Promise<Outcome<T>> => {
    try {
      return ok(await work());
    } catch (error) {
      if (signal?.aborted) return failed('cancelled');
      return { ok: false, fault: outputFault(file, command, error) };
    }
  };
  const output = await attempt(() => openOutput(file, { signal }));
  if (!output.ok) return output;
  const { write, keep, discard } = output.value;
  return ok({ write: (text) => attempt(() => write(text)), keep: () => attempt(keep), discard });
}

/** The system error of a write, as a fault that names the output. */
export function outputFault(file: string, command: string, error: unknown): Fault {
  if (isDiskFull(error) || draftOf(error) !== null) return writeFault(error, file);
  const why = systemCode(error) ?? messageOf(error);
  return fault('usage', { reason: `${file} cannot be written (${why}).`, command });
}
