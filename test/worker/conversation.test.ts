import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { expect, it, vi } from 'vitest';
import type { FromWorker, LoadSpec } from '../../contract/wire.ts';
import { converse } from '../../main/worker/conversation.ts';
import { identityModel } from '../fixtures/onnx-builder.ts';
import { newFolder } from '../temp/folder.ts';

const modelFile = path.join(newFolder('converse'), 'a.onnx');
writeFileSync(modelFile, identityModel('float32', [1, 2]));
const spec: LoadSpec = {
  modelFile,
  provider: 'cpu',
  threads: 1,
  task: 'tensor',
  outputs: [],
  preprocessing: [],
  postprocessing: [],
  labels: [],
  embedding: null,
};
const session = await InferenceSession.create(modelFile);
const released = vi.spyOn(Object.getPrototypeOf(session) as InferenceSession, 'release');

function talk() {
  released.mockClear();
  const said: FromWorker[] = [];
  const conversation = converse(
    () => Promise.reject(new Error('no picture is asked for')),
    (message) => void said.push(message),
    () => undefined,
  );
  return {
    said,
    hear: (message: Parameters<typeof conversation.hear>[0]['message']) =>
      conversation.hear({ message, blobs: [] }),
  };
}

it('a model that does not fit its manifest leaves nothing behind in the process', async () => {
  const { said, hear } = talk();
  hear({
    kind: 'load',
    id: 1,
    model: 1,
    spec: {
      ...spec,
      task: 'image-classification',
      postprocessing: [{ op: 'top-k', k: 1, output: 'nowhere' }],
    },
  });
  await vi.waitFor(() =>
    expect(said).toMatchObject([{ kind: 'failed', id: 1, fault: { code: 'onnx-mismatch' } }]),
  );
  expect(released).toHaveBeenCalledTimes(1);
});

it('a model that is given up before it is loaded leaves nothing behind, begun or still waiting', async () => {
  const { said, hear } = talk();
  for (const model of [1, 2, 3]) hear({ kind: 'load', id: model, model, spec });
  hear({ kind: 'unload', model: 1 });
  hear({ kind: 'unload', model: 3 });
  await vi.waitFor(() => expect(said).toHaveLength(3));
  expect(said.filter(({ kind }) => kind === 'loaded')).toMatchObject([{ id: 2 }]);
  // The third was never begun.
  expect(released).toHaveBeenCalledTimes(1);
});
