import { open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { failed, ok } from '../../contract/faults.ts';
import type { Outcome } from '../../contract/faults.ts';
import type { Terminal } from './terminal.ts';

/** Where answers go. `write` is false once nobody takes them any more. */
export type Destination = {
  write(text: string): Promise<Outcome<boolean>>;
  /** Makes what was written the result; without it nothing is left behind. */
  keep(): Promise<Outcome<void>>;
  discard(): Promise<void>;
};

/** Standard output, or a file that appears under its name once it is complete: until then it is `.<name>.partial`. */
export async function openDestination(
  file: string | undefined,
  terminal: Terminal,
): Promise<Outcome<Destination>> {
  if (file === undefined) {
    return ok({
      write: async (text) => ok(text === '' || (await terminal.print(text))),
      keep: async () => ok(undefined),
      discard: async () => undefined,
    });
  }
  const partial = join(dirname(file), `.${basename(file)}.${process.pid}.partial`);
  try {
    const handle = await open(partial, 'w', 0o644);
    return ok({
      write: (text) => attempt(file, async () => (await handle.write(text), true)),
      keep: () =>
        attempt(file, async () => {
          await handle.sync();
          await handle.close();
          await rename(partial, file);
        }),
      discard: async () => {
        await handle.close().catch(() => undefined);
        await rm(partial, { force: true });
      },
    });
  } catch (error) {
    return refused(file, error);
  }
}

async function attempt<T>(file: string, work: () => Promise<T>): Promise<Outcome<T>> {
  try {
    return ok(await work());
  } catch (error) {
    return refused(file, error);
  }
}

function refused(file: string, error: unknown): Outcome<never> {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return failed('disk-full', { file });
  return failed('usage', { reason: `${file} cannot be written (${code ?? message}).`, command: 'predict' });
}
