import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { expect, it, vi } from 'vitest';
import type { FromWorker } from '../../contract/wire.ts';
import { handleMessages } from '../../main/worker/handle-messages.ts';
import { identityModel } from '../fixtures/onnx-builder.ts';
import { tensorSpec } from '../fixtures/tensor-spec.ts';
import { newFolder } from '../temp/folder.ts';

const modelFile = path.join(newFolder('handle-messages'), 'a.onnx');
writeFileSync(modelFile, identityModel('float32', [1, 2]));
const spec = tensorSpec(modelFile);
const session = await InferenceSession.create(modelFile);
const released = vi.spyOn(Object.getPrototypeOf(session) as InferenceSession, 'release');

function talk() {
  released.mockClear();
  const sent: FromWorker[] = [];
  const messages = handleMessages(
    () => Promise.reject(new Error('no picture is asked for')),
    (message) => void sent.push(message),
    () => undefined,
  );
  return {
    sent,
    handle: (message: Parameters<typeof messages.handle>[0]['message']) =>
      messages.handle({ message, blobs: [] }),
  };
}

it('a model that does not fit its manifest leaves nothing behind in the process', async () => {
  const { sent, handle } = talk();
  handle({
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
    expect(sent).toMatchObject([{ kind: 'failed', id: 1, fault: { code: 'onnx-mismatch' } }]),
  );
  expect(released).toHaveBeenCalledTimes(1);
});

it('a model that is given up before it is loaded leaves nothing behind, begun or still waiting', async () => {
  const { sent, handle } = talk();
  for (const model of [1, 2, 3]) handle({ kind: 'load', id: model, model, spec });
  handle({ kind: 'unload', model: 1 });
  handle({ kind: 'unload', model: 3 });
  await vi.waitFor(() => expect(sent).toHaveLength(3));
  expect(sent.filter(({ kind }) => kind === 'loaded')).toMatchObject([{ id: 2 }]);
  // The third was never begun.
  expect(released).toHaveBeenCalledTimes(1);
});
