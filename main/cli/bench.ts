import { failed, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { reason } from '../../contract/faults/reasons.ts';
import { isAnswered } from '../../contract/runs/prediction.ts';
import type { Settings } from '../../contract/settings.ts';
import { firstOf, takesPictures, tasksWith } from '../../contract/tasks/index.ts';
import { availableCores } from '../lib/capacity.ts';
import { writeOutput } from '../lib/output-file.ts';
import { outputFault } from './destination.ts';
import { openScratch } from '../lib/scratch.ts';
import { refuseModel } from './models.ts';
import { open } from './open.ts';
import type { Opened, Pack } from './open.ts';
import { columns } from './paint.ts';
import type { Session } from './session.ts';
import { refuse } from './report.ts';

type BenchOptions = { readonly model?: string; readonly seconds: number; readonly json?: string };
type BenchRow = {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly bar: number | null;
  readonly holds: boolean | null;
};

/** Benchmarks a model with its own samples, in a temporary data folder. */
export async function bench(session: Session, options: BenchOptions): Promise<number> {
  const data = await openScratch('bench');
  const place: Session = { ...session, common: { ...session.common, data: data.path } };
  const cores = availableCores();
  try {
    const rows: BenchRow[] = [];
    for (const shape of [
      { workers: 1, threads: cores },
      { workers: cores, threads: 1 },
    ]) {
      const measured = await withEngine({ session: place, shape, model: options.model }, (opened, pack) =>
        measureMany(opened, { pack, shape, seconds: options.seconds }),
      );
      if (measured === null) return 1;
      rows.push(measured);
    }
    const single = await withEngine(
      { session: place, shape: { workers: 1, threads: cores }, model: options.model },
      (opened, pack) => measureOne(opened, pack, options.seconds),
    );
    if (single === null) return 1;
    rows.push(...single);
    await session.terminal.print(
      `${columns(rows.map(({ name, value, unit }) => [name, value.toFixed(2), unit]))}\n`,
    );
    const file = options.json;
    if (file === undefined) return 0;
    const text = `${JSON.stringify({ rows }, null, 2)}\n`;
    return await writeOutput(file, text).then(
      () => 0,
      (error: unknown) => refuse(session, outputFault(file, 'bench', error)),
    );
  } finally {
    await data.close();
  }
}

type Start = {
  readonly session: Session;
  readonly shape: Partial<Settings>;
  readonly model: string | undefined;
};
type Work<T> = (opened: Opened, pack: Pack) => Promise<Outcome<T>>;

async function withEngine<T>(start: Start, work: Work<T>): Promise<T | null> {
  const { session, shape, model } = start;
  const opened = await open(session, shape);
  try {
    const pack = pictureModel(opened, model);
    const done = pack.ok ? await work(opened, pack.value) : pack;
    if (done.ok) return done.value;
    refuseModel(session, opened, done.fault);
    return null;
  } finally {
    await opened.close();
  }
}

function pictureModel({ library }: Opened, ref: string | undefined): Outcome<Pack> {
  const pack =
    ref === undefined
      ? firstOf(
          library.list().filter(({ manifest }) => manifest.samples.length > 0),
          tasksWith('picture'),
          ({ manifest }) => manifest.task,
        )
      : library.find(ref);
  if (!pack) return failed('model-not-found', { model: 'with sample photos' });
  if ('ok' in pack) {
    if (!pack.ok) return pack;
    const { task, samples } = pack.value.manifest;
    return takesPictures(task) && samples.length > 0
      ? pack
      : failed('task-mismatch', { model: pack.value.ref, task, input: reason('sample-photos') });
  }
  return ok(pack);
}

async function measureMany(
  { engine, library }: Opened,
  work: { pack: Pack; shape: { workers: number; threads: number }; seconds: number },
): Promise<Outcome<BenchRow>> {
  const { pack, shape, seconds } = work;
  const warm = await engine.warm(pack.ref);
  if (!warm.ok) return warm;
  const files = pack.manifest.samples.map(({ file }) => library.fileOf(pack, file));
  let done = 0;
  let begun = performance.now();
  const until = begun + (seconds + 1) * 1000;
  let isWarm = false;
  function* again(): Generator<string> {
    while (performance.now() < until) yield* files;
  }
  for await (const outcome of engine.predictAll({ inputs: again(), model: pack.ref, useCache: false })) {
    if (!isAnswered(outcome)) return { ok: false, fault: outcome.fault };
    if (!isWarm && performance.now() > until - seconds * 1000) {
      isWarm = true;
      begun = performance.now();
      done = 0;
    }
    done += 1;
  }
  const name = `sample photos, ${shape.workers} × ${shape.threads} (workers × threads)`;
  return ok({
    name,
    value: done / ((performance.now() - begun) / 1000),
    unit: 'photos/s',
    bar: null,
    holds: null,
  });
}

async function measureOne(
  { engine, library, store }: Opened,
  pack: Pack,
  seconds: number,
): Promise<Outcome<readonly BenchRow[]>> {
  const sample = pack.manifest.samples[0];
  if (!sample) return failed('nothing-to-do', { file: pack.ref });
  const path = library.fileOf(pack, sample.file);
  const times = async (useCache: boolean): Promise<Outcome<number>> => {
    const took: number[] = [];
    const until = performance.now() + (seconds * 1000) / 2;
    while (performance.now() < until || took.length < 5) {
      const begun = performance.now();
      const answer = await engine.predict({
        source: { path },
        name: sample.title,
        model: pack.ref,
        useCache,
        priority: 'interactive',
      });
      if (!answer.ok) return answer;
      took.push(performance.now() - begun);
    }
    return ok(took.sort((a, b) => a - b)[Math.floor(took.length / 2)] ?? 0);
  };
  const miss = await times(false);
  if (!miss.ok) return miss;
  await engine.predict({ source: { path }, name: sample.title, model: pack.ref });
  await store.flush();
  const hit = await times(true);
  if (!hit.ok) return hit;
  const row = (name: string, value: number): BenchRow => ({
    name,
    value,
    unit: 'ms',
    bar: null,
    holds: null,
  });
  return ok([row('one sample photo, p50', miss.value), row('the same from the store, p50', hit.value)]);
}
