import { deflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { tensorsOf } from '../../../main/cli/tensors/input.ts';

const x: TensorSpec = { name: 'x', type: 'float32', shape: ['N', 3] };
const ids: TensorSpec = { name: 'ids', type: 'int64', shape: [-1] };
const rows = [
  [1, 2, 3],
  [4, 5, 6.5],
];
const floats = Buffer.from(Float32Array.from(rows.flat()).buffer);
const wanted = [{ name: 'x', type: 'float32', dims: [2, 3], data: new Uint8Array(floats) }];

async function read(file: string, content: string | Buffer, inputs: readonly TensorSpec[] = [x]) {
  const read = await tensorsOf(file, Buffer.from(content), inputs);
  return read.ok
    ? read.value.map((one) => ({ ...one, data: Uint8Array.from(one.data) }))
    : read.fault.message;
}

function npy(descr: string, shape: string, data: Uint8Array): Buffer {
  const header = Buffer.from(`{'descr': '${descr}', 'fortran_order': False, 'shape': (${shape}), }\n`);
  const size = Buffer.alloc(2);
  size.writeUInt16LE(header.length);
  return Buffer.concat([Buffer.from('\x93NUMPY\x01\0', 'latin1'), size, header, data]);
}

/** A ZIP as numpy writes it. */
function npz(arrays: Readonly<Record<string, Buffer>>, isPacked: boolean): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  let at = 0;
  for (const [name, content] of Object.entries(arrays)) {
    const file = Buffer.from(`${name}.npy`);
    const packed = isPacked ? deflateRawSync(content) : content;
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(file.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(isPacked ? 8 : 0, 10);
    entry.writeUInt32LE(packed.length, 20);
    entry.writeUInt32LE(content.length, 24);
    entry.writeUInt16LE(file.length, 28);
    entry.writeUInt32LE(at, 42);
    parts.push(local, file, packed);
    directory.push(entry, file);
    at += local.length + file.length + packed.length;
  }
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(Object.keys(arrays).length, 10);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

describe('tensors for outpost predict', () => {
  it('plain arrays by name, alone, and beside the form with type and dims', async () => {
    expect(await read('a.json', JSON.stringify({ x: rows }))).toEqual(wanted);
    expect(await read('a.json', `\ufeff${JSON.stringify(rows)}`)).toEqual(wanted);
    const typed = { x: { type: 'float32', dims: [2, 3], data: rows } };
    expect(await read('a.json', JSON.stringify(typed))).toEqual(wanted);
    const big = await read('a.json', '{"ids": [9007199254740993, 1]}', [ids]);
    const data = new Uint8Array(BigInt64Array.of(9007199254740993n, 1n).buffer);
    expect(big).toEqual([{ name: 'ids', type: 'int64', dims: [2], data }]);
  });

  it('plain arrays that do not fit say why', async () => {
    expect(await read('a.json', '{"y": [[1]]}')).toContain('no such input; it takes x');
    expect(await read('a.json', '{"x": [[1, 2], [3]]}')).toContain('not of one length');
    expect(await read('a.json', '{"x": [["a"]]}')).toContain('element 0 ("a") is not a float32');
  });

  it('.npy and .npz, float64 rounded, other types refused with the way on', async () => {
    const single = npy('<f4', '2, 3', floats);
    const double = npy('<f8', '2, 3', new Uint8Array(Float64Array.from(rows.flat()).buffer));
    expect(await read('a.npy', single)).toEqual(wanted);
    expect(await read('a.npy', double)).toEqual(wanted);
    for (const isPacked of [false, true])
      expect(await read('a.npz', npz({ x: double }, isPacked))).toEqual(wanted);
    const whole = npy('<i8', '2', new Uint8Array(BigInt64Array.of(1n, 2n).buffer));
    expect(await read('a.npy', whole)).toContain(
      'it is int64, the model takes float32; save it with astype("float32")',
    );
    expect(await read('a.npy', single, [x, ids])).toContain('the model takes x, ids');
    expect(await read('a.npz', npz({ z: single }, false))).toContain('no such input; it takes x');
    expect(await read('a.npz', Buffer.from('PK'))).toContain('it is no .npz file');
  });

  it('an archive that claims less than it unpacks to, or is cut, is a fault', async () => {
    const bomb = npz({ x: Buffer.alloc(10_000_000) }, true);
    bomb.writeUInt32LE(100, bomb.indexOf(Buffer.from('PK\x01\x02', 'latin1')) + 24);
    expect(await read('a.npz', bomb)).toContain('it is damaged');
    const whole = npz({ x: npy('<f4', '2, 3', floats) }, true);
    for (const cut of [10, 60, 100]) expect(typeof (await read('a.npz', whole.subarray(cut)))).toBe('string');
  });

  it('a table: one matrix, or columns', async () => {
    expect(await read('a.csv', 'p,q,r\r\n1,2,3\r\n4,5,6.5\r\n')).toEqual(wanted);
    expect(await read('a.csv', '0,1,2\n1,2,3\n4,5,6.5\n')).toEqual(wanted);
    expect(await read('a.csv', Buffer.from('\ufeffp,q,r\r\n1,2,3\r\n4,5,6.5\r\n', 'utf16le'))).toEqual(
      wanted,
    );
    expect(await read('a.csv', 'ids\n1\n2\n', [ids])).toMatchObject([{ name: 'ids', dims: [2] }]);
  });

  it.each([
    ['semicolons', 'p;q;r\n1,5;2;3\n', 'separated by semicolons'],
    ['tabs', 'p\tq\tr\n1\t2\t3\n', 'separated by tabs'],
    ['decimal commas', 'p,q,r\n"1,5",2,3\n', '"1,5" is no float32; write it with a decimal point'],
    ['no row of names', '1.5,2,3\n4,5,6\n', 'a row of names belongs above them'],
    ['another width', 'p,q\n1,2\n', 'it has 2 columns, input x takes 3'],
    ['Windows-1252', Buffer.from('größe,q,r\n1,2,3\n', 'latin1'), 'not UTF-8 (byte F6 in line 1)'],
  ])('a table with %s says so', async (_, table, reason) => {
    expect(await read('a.csv', table)).toContain(reason);
  });
});

it('a model without inputs is asked by an empty object, and by nothing else', async () => {
  expect(await read('ask.json', '{}', [])).toEqual([]);
  expect(await read('ask.json', '{"x": [1]}', [])).toContain('no inputs');
  expect(await read('ask.csv', 'a\r\n1\r\n', [])).toContain('takes no inputs');
  expect(await read('ask.npy', npy('<f4', '2, 3', floats), [])).toContain('holds {} asks it');
});
