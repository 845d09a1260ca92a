import type { Served } from '../../contract/serving/serving.ts';
import type { AccessEntry } from '../http/index.ts';
import type { Columns } from './messages.ts';

/*
 * Packs the figures of many requests in columns: a structured clone of 20,000 objects a second would cost too much, one of a
 * few strings and one Float64Array does not. A row is the index of its common part, then its numbers.
 */

type Packer<T> = { add(item: T): void; take(): Columns | null };

type Packing<T> = {
  /** Whether the common parts of two items are equal. */
  readonly isAlike: (one: T, other: T) => boolean;
  readonly commonOf: (item: T) => object;
  readonly push: (numbers: number[], item: T) => void;
};

function packer<T>({ isAlike, commonOf, push }: Packing<T>): Packer<T> {
  /** One item of each common part. */
  let distinct: T[] = [];
  let numbers: number[] = [];
  let last = 0;
  const placeOf = (item: T): number => {
    const known = distinct.findIndex((other) => isAlike(other, item));
    return known >= 0 ? known : distinct.push(item) - 1;
  };
  return {
    add: (item) => {
      // Most items follow one with the same common part.
      const before = distinct[last];
      if (before === undefined || !isAlike(before, item)) last = placeOf(item);
      numbers.push(last);
      push(numbers, item);
    },
    take: () => {
      if (numbers.length === 0) return null;
      const common = distinct.map((item) => JSON.stringify(commonOf(item)));
      const taken = { common, numbers: Float64Array.from(numbers) };
      distinct = [];
      numbers = [];
      last = 0;
      return taken;
    },
  };
}

/** `rowOf` reads its numbers at offset `from`: creating a subarray for each row would dominate the cost. */
function unpack<C, T>(
  { common, numbers }: Columns,
  width: number,
  rowOf: (common: C, numbers: Float64Array, from: number) => T,
): readonly T[] {
  const shared = common.map((text) => JSON.parse(text) as C);
  const rows: T[] = [];
  for (let at = 0; at < numbers.length; at += width + 1)
    rows.push(rowOf(shared[numbers[at]!]!, numbers, at + 1));
  return rows;
}

const unmeasured = -1;
type Mutable<T> = { -readonly [K in keyof T]: T[K] };
type ServedCommon = Omit<
  Served,
  'at' | 'totalMs' | 'queueMs' | 'runMs' | 'inputMs' | 'outputMs' | 'rows' | 'batchRows'
>;

export const packServed = (): Packer<Served> =>
  packer({
    isAlike: (one, other) =>
      one.client === other.client &&
      one.kind === other.kind &&
      one.code === other.code &&
      one.cached === other.cached &&
      one.version === other.version &&
      one.model === other.model,
    commonOf: ({ client, model, version, kind, code, cached }): ServedCommon => ({
      client,
      model,
      version,
      kind,
      code,
      cached,
    }),
    push: (
      numbers,
      { at, totalMs, queueMs, runMs, inputMs = unmeasured, outputMs = unmeasured, rows, batchRows },
    ) => void numbers.push(at, totalMs, queueMs, runMs, inputMs, outputMs, rows, batchRows),
  });

export const unpackServed = (columns: Columns): readonly Served[] =>
  unpack<ServedCommon, Served>(
    columns,
    8,
    ({ client, model, version, kind, code, cached }, numbers, from) => {
      const served: Mutable<Served> = {
        client,
        model,
        version,
        kind,
        code,
        cached,
        at: numbers[from]!,
        totalMs: numbers[from + 1]!,
        queueMs: numbers[from + 2]!,
        runMs: numbers[from + 3]!,
        rows: numbers[from + 6]!,
        batchRows: numbers[from + 7]!,
      };
      const inputMs = numbers[from + 4]!;
      const outputMs = numbers[from + 5]!;
      if (inputMs !== unmeasured) served.inputMs = inputMs;
      if (outputMs !== unmeasured) served.outputMs = outputMs;
      return served;
    },
  );

/** The fields needed for metrics; entries in full do not leave the worker. */
export type CountedAccess = Pick<AccessEntry, 'method' | 'status' | 'ms'>;

export const packAccess = (): Packer<CountedAccess> =>
  packer({
    isAlike: (one, other) => one.status === other.status && one.method === other.method,
    commonOf: ({ method, status }) => ({ method: method.slice(0, 16), status }),
    push: (numbers, { ms }) => void numbers.push(ms),
  });

export const unpackAccess = (columns: Columns): readonly CountedAccess[] =>
  unpack<Omit<CountedAccess, 'ms'>, CountedAccess>(columns, 1, ({ method, status }, numbers, from) => ({
    method,
    status,
    ms: numbers[from]!,
  }));
