import type { Served } from '../../contract/serving.ts';
import type { AccessEntry } from '../http/index.ts';
import type { Columns } from './messages.ts';

/*
 * Twenty thousand requests a second are twenty thousand objects to clone; packed, they are a few texts and one array of
 * numbers. Each row is the number of its common part, then its own figures.
 */

type Packer<T> = { add(item: T): void; take(): Columns | null };

type Packing<T> = {
  /** The same for items whose common parts are equal, and for no others. */
  readonly keyOf: (item: T) => string;
  readonly commonOf: (item: T) => object;
  readonly push: (numbers: number[], item: T) => void;
};

function packer<T>({ keyOf, commonOf, push }: Packing<T>): Packer<T> {
  let common = new Map<string, number>();
  let texts: string[] = [];
  let numbers: number[] = [];
  return {
    add: (item) => {
      const key = keyOf(item);
      let at = common.get(key);
      if (at === undefined) {
        at = common.size;
        common.set(key, at);
        texts.push(JSON.stringify(commonOf(item)));
      }
      numbers.push(at);
      push(numbers, item);
    },
    take: () => {
      if (numbers.length === 0) return null;
      const taken = { common: texts, numbers: Float64Array.from(numbers) };
      common = new Map();
      texts = [];
      numbers = [];
      return taken;
    },
  };
}

/** `rowOf` reads its figures at `from` in place: a view for each row would cost more than everything else. */
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
    keyOf: ({ client, model, version, kind, code, cached }) =>
      `${client}\n${kind}\n${code}\n${cached}\n${version}\n${model}`,
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

/** What is counted of a request; whoever shows single requests has them in its own process. */
export type CountedAccess = Pick<AccessEntry, 'method' | 'status' | 'ms'>;

export const packAccess = (): Packer<CountedAccess> =>
  packer({
    keyOf: ({ method, status }) => `${status} ${method}`,
    commonOf: ({ method, status }) => ({ method: method.slice(0, 16), status }),
    push: (numbers, { ms }) => void numbers.push(ms),
  });

export const unpackAccess = (columns: Columns): readonly CountedAccess[] =>
  unpack<Omit<CountedAccess, 'ms'>, CountedAccess>(columns, 1, ({ method, status }, numbers, from) => ({
    method,
    status,
    ms: numbers[from]!,
  }));
