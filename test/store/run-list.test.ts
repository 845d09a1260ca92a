import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RunHead, Store } from '../../main/store/index.ts';
import { openTestStore } from '../fixtures/open-store.ts';
import { newFolder } from '../temp/folder.ts';

const total = 10_000;
let store: Store;
const progress = {
  found: 1,
  scanned: true,
  leftOut: { other: 0, hidden: 0, system: 0 },
  elapsedMs: 0,
};
const headOf = (n: number): RunHead => ({
  id: `r${n}`,
  title: n % 100 === 0 ? `ÜBERGANG ${n}` : `Card ${n}`,
  model: n % 2 === 0 ? 'camera-triage' : 'efficientnet-lite0',
  version: '1.0.0',
  // Several begin in the same instant.
  startedAt: new Date(1_700_000_000_000 + Math.floor(n / 3) * 1000).toISOString(),
  request: { model: 'm@1.0.0', digest: 'sha256:0', client: n % 2 === 0 ? 'cli' : 'window' },
});
const input = { paths: ['/card'], from: 0, areAll: true };

beforeAll(async () => {
  store = await openTestStore(newFolder());
  for (let n = 0; n < total; n += 100)
    await Promise.all(
      Array.from({ length: 100 }, async (_, at) => {
        await store.startRun(headOf(n + at), input);
        if (n + at < total - 2)
          await store.setRunPhase(`r${n + at}`, { ...progress, phase: { kind: 'done' }, isRetried: false });
      }),
    );
}, 120_000);
afterAll(() => store.close());

const page = (patch: Partial<Parameters<Store['endedRuns']>[0]> = {}) =>
  store.endedRuns({ search: '', show: 'all', after: null, limit: 50, ...patch });

describe('ten thousand runs', () => {
  it('come page by page, newest first, each once', async () => {
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const { runs, total: all } = await page({ after, limit: 200 });
      expect(all).toBe(total - 2);
      seen.push(...runs.map(({ id }) => id));
      after = runs.at(-1)?.id ?? null;
      if (runs.length < 200) break;
    }
    expect(seen).toHaveLength(total - 2);
    expect(new Set(seen).size).toBe(total - 2);
    expect(seen[0]).toBe(`r${total - 3}`);
    expect(seen.at(-1)).toBe('r0');
  });

  it('are found by title and model, in capital letters or not', async () => {
    expect((await page({ search: 'übergang' })).total).toBe(total / 100);
    expect((await page({ search: 'CAMERA-triage 1.0' })).total).toBe(total / 2 - 1);
    expect(await page({ search: 'nowhere' })).toEqual({ runs: [], total: 0 });
    expect((await page({ show: 'faults' })).total).toBe(0);
  });

  it('that are under way stand by themselves, with who started them', async () => {
    const live = await store.liveRuns();
    expect(live.map(({ id }) => id)).toEqual([`r${total - 1}`, `r${total - 2}`]);
    expect(live.map(({ request }) => request?.client)).toEqual(['window', 'cli']);
  });

  it('move nothing when another is added', async () => {
    const first = await page();
    await store.startRun({ ...headOf(0), id: 'rnew', startedAt: '2030-01-01T00:00:00.000Z' }, input);
    await store.setRunPhase('rnew', { ...progress, phase: { kind: 'done' }, isRetried: false });
    const second = await page({ after: first.runs.at(-1)!.id });
    expect(second.runs[0]!.id).toBe(`r${total - 53}`);
    expect((await page()).runs[0]!.id).toBe('rnew');
  });

  it('are there at once: a page costs a few milliseconds, wherever it lies', async () => {
    await page();
    const begun = performance.now();
    const pages = 10;
    for (let at = 0; at < pages; at += 1) await page({ after: `r${total - 100 - at * 900}`, search: 'card' });
    // A page of the window may take 50 ms; this machine may be busy.
    expect((performance.now() - begun) / pages).toBeLessThan(150);
  });
});
