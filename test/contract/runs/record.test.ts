import { describe, expect, it } from 'vitest';
import { fault } from '../../../contract/faults/faults.ts';
import { reason } from '../../../contract/faults/reasons.ts';
import {
  recordFault,
  recordOutcome,
  recordProvenance,
  recordResult,
  recordRows,
} from '../../../contract/runs/record.ts';
import { stored } from '../../fixtures/stored-record.ts';

const answered = recordOutcome(stored, { top: 5, threshold: 0 });
const broken = recordFault(
  'photos/b.jpg',
  fault('image-unreadable', { file: 'photos/b.jpg', reason: reason('ends-too-early') }),
);

describe('records', () => {
  it('have exactly the promised fields in the promised order', () => {
    expect(Object.keys(answered)).toEqual([
      'input',
      'digest',
      'model',
      'version',
      'packDigest',
      'variant',
      'provider',
      'cached',
      'durationMs',
      'at',
      'appVersion',
      'result',
    ]);
    expect('result' in answered && Object.keys(answered.result)).toEqual(['task', 'predictions']);
    expect(broken).toEqual({
      input: 'photos/b.jpg',
      fault: {
        code: 'image-unreadable',
        message: 'photos/b.jpg could not be read: it ends too early.',
        hint: expect.any(String) as string,
      },
    });
  });

  it('hold as many labels as asked for, none below the threshold', () => {
    const labels = (top: number, threshold: number): unknown => {
      const record = recordOutcome(stored, { top, threshold });
      return (
        'result' in record &&
        record.result.task === 'image-classification' &&
        record.result.predictions.map(({ label }) => label)
      );
    };
    expect(labels(1, 0)).toEqual(['tabby']);
    expect(labels(5, 0.2)).toEqual(['tabby', 'tiger cat']);
    expect(labels(5, 0.9)).toEqual([]);
  });

  it('leave out what a table has no value of, and keep the order', () => {
    const { digest, variant, provider, cached, ...rest } = stored;
    void [digest, variant, provider, cached];
    expect(Object.entries(recordProvenance(rest))).toEqual([
      ['input', stored.input],
      ['model', 'efficientnet-lite0'],
      ['version', '1.0.0'],
      ['packDigest', stored.packDigest],
      ['durationMs', 41.235],
      ['at', stored.at],
      ['appVersion', '0.1.0'],
    ]);
  });

  it('become a row for each label or output, and one for an input without any', () => {
    expect(recordRows(answered).map(({ input, rank, label }) => [input, rank, label])).toEqual([
      [stored.input, 1, 'tabby'],
      [stored.input, 2, 'tiger cat'],
      [stored.input, 3, 'Egyptian cat'],
    ]);
    expect(recordRows(broken)).toEqual([
      { input: 'photos/b.jpg', fault: 'image-unreadable', message: broken.fault.message },
    ]);
    const tensor = { type: 'float32' as const, dims: [1, 2], data: [0.5, 'NaN'] };
    const run = recordResult(stored, { task: 'tensor', outputs: { y: tensor } });
    expect(recordRows(run)).toMatchObject([
      { input: stored.input, output: 'y', type: 'float32', dims: '1x2', data: '[0.5,"NaN"]' },
    ]);
    const [none, ...others] = recordRows(recordOutcome(stored, { top: 5, threshold: 0.9 }));
    expect([none?.input, none?.label, others]).toEqual([stored.input, undefined, []]);
  });
});
