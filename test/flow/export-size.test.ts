import { spawn } from 'node:child_process';
import { createReadStream, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { card, storeWith } from '../exports/card.ts';
import type { Item } from '../exports/card.ts';
import { inLong } from '../long.ts';
import { newFolder } from '../temp/folder.ts';
import { commandLine, root } from './cli-process.ts';

const items = inLong(250_000, 4_000);
const few = items / 10;
const data = newFolder('data');
const out = newFolder('out');
const mebibyte = 1_048_576;

/** The card over and over under names of their own. */
const season = (count: number): readonly Item[] =>
  Array.from({ length: count }, (_, at) => ({
    name: `DCIM/${100 + Math.floor(at / 500)}RECNX/IMG_${at}.JPG`,
    result: card[at % card.length]!.result,
  }));
const answered = (count: number): number => season(count).filter(({ result }) => result).length;

beforeAll(async () => {
  await (await storeWith(data, { few: season(few), all: season(items) })).close();
}, 600_000);

/** Seconds that the command took, and the most memory that its process held at any time, in bytes. */
async function exported(
  run: string,
  format: string,
): Promise<{ seconds: number; bytes: number; file: string }> {
  const file = path.join(out, `${run}.${format}`);
  const begun = performance.now();
  const args = ['export', run, '--format', format, '--out', file, '--data', data];
  const child = spawn(process.execPath, [...(await commandLine()), ...args], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  let bytes = 0;
  const look = setInterval(() => {
    bytes = Math.max(bytes, peakOf(child.pid!));
  }, 20);
  const code = await new Promise((resolve) => child.on('close', resolve));
  clearInterval(look);
  expect(code).toBe(0);
  return { seconds: (performance.now() - begun) / 1_000, bytes, file };
}

/** The kernel's own high-water mark; 0 where it has none, or the process is gone. */
function peakOf(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return Number(/VmHWM:\s+(\d+) kB/u.exec(status)?.[1] ?? 0) * 1_024;
  } catch {
    return 0;
  }
}

async function countOf(file: string, wanted: string): Promise<number> {
  let [count, left] = [0, ''];
  for await (const chunk of createReadStream(file, 'utf8')) {
    const parts = (left + String(chunk)).split(wanted);
    left = parts.pop() ?? '';
    count += parts.length;
  }
  return count;
}

const formats = [
  { format: 'csv', mark: '\r\n', marks: (count: number) => count + 1 },
  { format: 'jsonl', mark: '\n', marks: (count: number) => count },
  { format: 'coco', mark: '"file_name":', marks: answered },
  { format: 'megadetector', mark: '"file":', marks: (count: number) => count },
  { format: 'xlsx', mark: null },
  { format: 'parquet', mark: null },
] as const;

test.each(formats)(
  `a run of ${items} items leaves as $format whole, in memory that does not grow with it`,
  async (each) => {
    const small = await exported('few', each.format);
    const large = await exported('all', each.format);
    if (each.mark !== null) expect(await countOf(large.file, each.mark)).toBe(each.marks(items));
    console.log(
      `${each.format}: ${items} items in ${large.seconds.toFixed(1)} s, ${(statSync(large.file).size / mebibyte).toFixed(0)} MiB; at most ${(large.bytes / mebibyte).toFixed(0)} MiB of memory, ${(small.bytes / mebibyte).toFixed(0)} MiB for a tenth`,
    );
    // Ten times the items; what a garbage collector leaves lying for a while is no growth.
    expect(large.bytes - small.bytes).toBeLessThan(128 * mebibyte);
  },
  600_000,
);
