import { expect, test } from 'vitest';
import type { Served } from '../../contract/serving/serving.ts';
import { packAccess, packServed, unpackAccess, unpackServed } from '../../main/prefork/columns.ts';

const one: Served = {
  at: 1_700_000_000_000,
  client: 'http',
  model: 'a b',
  version: '1.0.0',
  kind: 'tensor',
  code: 'ok',
  cached: false,
  totalMs: 1.5,
  queueMs: 0.25,
  runMs: 1,
  inputMs: 0.125,
  outputMs: 0.0625,
  rows: 2,
  batchRows: 4,
};

test('what was served comes out of the columns as it went in, and common parts are sent once', () => {
  const { inputMs: _, outputMs: __, ...unmeasured } = one;
  const rows: readonly Served[] = [
    one,
    { ...one, totalMs: 2 },
    // Names that hold blanks are not taken for those of others.
    { ...one, model: 'b', version: '1.0.0 a' },
    { ...unmeasured, code: 'busy', cached: true },
    { ...one, client: 'grpc', kind: 'picture' },
    one,
    { ...one, version: '1.0.1' },
    { ...one, version: '1.0.1', cached: true },
    { ...one, version: '1.0.1', code: 'busy' },
    { ...one, version: '1.0.1', client: 'grpc' },
    { ...one, version: '1.0.1', kind: 'picture' },
    { ...one, version: '1.0.1', model: 'c' },
  ];
  const packed = packServed();
  for (const row of rows) packed.add(row);
  const columns = packed.take()!;
  expect(columns.common).toHaveLength(10);
  expect(unpackServed(columns)).toEqual(rows);
  expect(packed.take()).toBeNull();
  packed.add(one);
  expect(unpackServed(packed.take()!)).toEqual([one]);
});

test('methods and statuses of requests are counted apart', () => {
  const rows = [
    { method: 'POST', status: 200, ms: 1 },
    { method: 'POST', status: 200, ms: 2 },
    { method: 'GET', status: 200, ms: 3 },
    { method: 'POST', status: 503, ms: 4 },
    { method: 'POST', status: 200, ms: 5 },
  ];
  const packed = packAccess();
  for (const row of rows) packed.add(row);
  const columns = packed.take()!;
  expect(columns.common).toHaveLength(3);
  expect(unpackAccess(columns)).toEqual(rows);
});
