import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { Draft } from './draft.ts';
import { restOf } from './plan.ts';
import type { Piece, Plan } from './plan.ts';
import { getBytes } from './get-bytes.ts';
import type { BytesRequest, Got } from './get-bytes.ts';

/** A local file that provides some of the bytes. */
export type Basis = { readonly path: string; readonly name: string };
export type Filling = {
  readonly draft: Draft;
  readonly plan: Plan;
  readonly basis: Basis | null;
  readonly ask: Omit<BytesRequest, 'range' | 'take' | 'onWhole'>;
  readonly signal: AbortSignal;
  /** Called for bytes that came over the network. */
  readonly onWire: (piece: Buffer) => Promise<void>;
  readonly onCopied: (bytes: number) => Promise<void>;
};

const copyBytes = 1024 ** 2;

/** Resumes the partial file where it ends, and works through the plan to its end. */
export async function fill(filling: Filling): Promise<Outcome<Got>> {
  const { draft, plan, basis } = filling;
  let handle: FileHandle | null = null;
  try {
    for (const piece of restOf(plan, draft.length())) {
      if (filling.signal.aborted) return failed('cancelled');
      if (piece.kind === 'fetch') {
        const got = await fetchPiece(filling, piece);
        if (!got.ok || got.value === 'no-range') return got;
        continue;
      }
      if (!basis) throw new Error('a plan copies from a basis that is not there');
      handle ??= await openBasis(basis);
      if (!handle) return failed('source-gone', { file: basis.name });
      const copied = await copyPiece(filling, { handle, piece, name: basis.name });
      if (!copied.ok) return copied;
    }
    return ok('done');
  } finally {
    await handle?.close().catch(() => undefined);
  }
}

function fetchPiece(
  { draft, ask, plan, onWire }: Filling,
  { at, length }: Piece & { kind: 'fetch' },
): Promise<Outcome<Got>> {
  const isWholeFile = plan.length === 1;
  return getBytes({
    ...ask,
    // A download from the very start needs no range request, so it works with any server.
    range: isWholeFile && at === 0 ? null : { start: at, end: at + length },
    take: async (piece) => {
      const written = await draft.append(piece);
      if (written.ok) await onWire(piece);
      return written;
    },
    ...(isWholeFile ? { onWhole: draft.empty } : {}),
  });
}

async function copyPiece(
  { draft, signal, onCopied }: Filling,
  {
    handle,
    piece,
    name,
  }: { readonly handle: FileHandle; readonly piece: Piece & { kind: 'copy' }; readonly name: string },
): Promise<Outcome<void>> {
  const buffer = Buffer.allocUnsafe(Math.min(copyBytes, piece.length));
  for (let done = 0; done < piece.length;) {
    if (signal.aborted) return failed('cancelled');
    const wanted = Math.min(buffer.byteLength, piece.length - done);
    const bytesRead = await handle.read(buffer, 0, wanted, piece.from + done).then(
      (read) => read.bytesRead,
      () => 0,
    );
    // A drive that was removed gives an error or zero bytes.
    if (bytesRead === 0) return failed('source-gone', { file: name });
    const written = await draft.append(buffer.subarray(0, bytesRead));
    if (!written.ok) return written;
    done += bytesRead;
    await onCopied(bytesRead);
    await breathe();
  }
  return ok(undefined);
}

const openBasis = ({ path }: Basis): Promise<FileHandle | null> => open(path, 'r').catch(() => null);
