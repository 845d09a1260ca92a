import { Tensor } from 'onnxruntime-node';
import type { Session } from './session.ts';

type Feeds = Readonly<Record<string, Tensor>>;
type Outputs = Awaited<ReturnType<Session['runRaw']>>;
/** Rows that the graph takes at a time: `free`, or so many and no other number. */
export type Rows = 'free' | number;

/**
 * Outputs for each of several inputs of one row, in as few runs as the graph takes them: one where it leaves the number of
 * rows open, else as many as they fill. Each is answered as if it had been alone; where a run of several gives other than a
 * row for each, they are run one by one. `feeds` are as a run of one input has them, which may repeat it to fill the rows.
 */
export async function runRows(
  session: Pick<Session, 'runRaw'>,
  { feeds, rows }: { readonly feeds: readonly Feeds[]; readonly rows: Rows },
  wanted: readonly string[],
): Promise<readonly Outputs[]> {
  const perRun = rows === 'free' ? Math.max(1, feeds.length) : rows;
  const all: Outputs[] = [];
  for (let from = 0; from < feeds.length; from += perRun) {
    const some = feeds.slice(from, from + perRun);
    const size = rows === 'free' ? some.length : perRun;
    const outputs = await session.runRaw(stack(some, size), wanted);
    const hasRows = wanted.every((name) => (outputs[name] as Tensor).dims[0] === size);
    if (hasRows) all.push(...some.map((_, row) => rowOf(outputs, row, wanted)));
    // One input's outputs are its own whatever their first dimension is.
    else if (some.length === 1) all.push(outputs);
    else for (const one of some) all.push(await session.runRaw(one, wanted));
  }
  return all;
}

/** The first row of each in one tensor of `rows`; the last one again where there are fewer. */
function stack(feeds: readonly Feeds[], rows: number): Record<string, Tensor> {
  const [first = {}] = feeds;
  if (rows === 1) return { ...first };
  return Object.fromEntries(
    Object.entries(first).map(([name, { type, dims, data }]) => {
      const values = data as Float32Array;
      const length = values.length / (dims[0] ?? 1);
      const joined = new (values.constructor as Float32ArrayConstructor)(rows * length);
      for (let row = 0; row < rows; row += 1) {
        const from = feeds[Math.min(row, feeds.length - 1)]![name]!.data as Float32Array;
        joined.set(from.subarray(0, length), row * length);
      }
      return [name, new Tensor(type as 'float32', joined, [rows, ...dims.slice(1)])];
    }),
  );
}

function rowOf(outputs: Outputs, row: number, wanted: readonly string[]): Outputs {
  return Object.fromEntries(
    wanted.map((name) => {
      const { type, dims, data } = outputs[name] as Tensor;
      const values = data as Float32Array;
      const length = values.length / (dims[0] ?? 1);
      const own = values.subarray(row * length, (row + 1) * length);
      return [name, new Tensor(type as 'float32', own, [1, ...dims.slice(1)])];
    }),
  );
}
