import { expect, it } from 'vitest';
import { inferenceOf } from '../../../main/cli/serve/inference.ts';

const node = { versions: { node: '20.20.2' }, platform: 'linux' };
const auto = { inference: 'auto', bind: '127.0.0.1:8501' } as const;

it('models run where requests arrive, unless told otherwise', () => {
  expect(inferenceOf(auto)).toBe('in-process');
  expect(inferenceOf({ ...auto, inference: 'isolated' })).toBe('isolated');
});

it('runs them apart in the installed program, which starts no plain Node', () => {
  const installed = { ...node, versions: { ...node.versions, electron: '43.1.1' } };
  expect(inferenceOf(auto, installed)).toBe('isolated');
  expect(inferenceOf({ ...auto, inference: 'in-process' }, installed)).toBe('in-process');
});

it('runs them apart behind a pipe of Windows, which cannot be handed on', () => {
  const windows = { ...node, platform: 'win32' };
  expect(inferenceOf({ ...auto, bind: 'unix:outpost' }, windows)).toBe('isolated');
  expect(inferenceOf(auto, windows)).toBe('in-process');
});
