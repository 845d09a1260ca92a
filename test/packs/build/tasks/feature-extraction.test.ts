import { describe, expect, it } from 'vitest';
import { taskBuildOf } from '../../../../main/packs/build/tasks/index.ts';
import type { Facts } from '../../../../main/packs/build/tasks/index.ts';
import type { BuildRequest } from '../../../../main/packs/build/request.ts';

const build = taskBuildOf('feature-extraction');
const candidate = (name: string, count: number) => ({
  name,
  count,
  kind: null,
  meaning: `${name} (${count})`,
});
const facts = (...names: readonly string[]): Facts => ({
  exporter: 'other',
  task: null,
  preset: null,
  labels: null,
  licence: null,
  picture: {
    name: 'x',
    type: 'float32',
    order: 'NCHW',
    channels: 3,
    rows: 1,
    isCertain: true,
    height: 4,
    width: 4,
  },
  candidates: names.map((name, at) => candidate(name, 8 + at)),
  outputs: [],
  suggested: { id: null, title: null, summary: null },
  taskNote: null,
  notes: [],
});
const request = (more: Partial<BuildRequest> = {}): BuildRequest => ({
  model: '/models/net.onnx',
  out: '/models/net.outpack',
  answers: {},
  as: 'fp32',
  variants: [],
  providers: ['cpu'],
  golden: [],
  samples: [],
  minimumApp: '0.1.0',
  appVersion: '0.1.0',
  ...more,
});

describe('a pack of vectors', () => {
  it('has no labels, and takes the only output that there is', () => {
    expect(build.photos?.needsLabels).toBe(false);
    expect(build.asks({}, facts('y'), { labels: null })).toEqual([]);
    const read = build.read(request(), facts('y'), null);
    expect(read.ok && read.value.ending).toMatchObject({ embedding: 'y', scoring: null, postprocessing: [] });
  });

  it('asks which of several outputs it is, and takes the one that is named', () => {
    const several = facts('logits', 'embedding');
    expect(build.asks({}, several, { labels: null })).toMatchObject([
      { question: 'output', suggestion: 'embedding', choices: [{ value: 'logits' }, { value: 'embedding' }] },
    ]);
    expect(build.read(request(), several, null)).toMatchObject({
      ok: false,
      fault: { code: 'pack-incomplete' },
    });
    for (const named of [{ answers: { output: 'logits' } }, { embedding: 'logits' }]) {
      const read = build.read(request(named), several, null);
      expect(read.ok && read.value.ending.embedding).toBe('logits');
    }
  });

  it('is refused where no output has one row a photo, or where no photo goes in', () => {
    const none = build.read(request(), facts(), null);
    expect(none).toMatchObject({ ok: false, fault: { code: 'onnx-unfit' } });
    const absent = build.read(request({ answers: { output: 'z' } }), facts('y'), null);
    expect(!absent.ok && absent.fault.message).toContain('y (8)');
    const tensors = build.read(request(), { ...facts('y'), picture: null }, null);
    expect(tensors).toMatchObject({ ok: false, fault: { code: 'onnx-unfit' } });
  });
});
