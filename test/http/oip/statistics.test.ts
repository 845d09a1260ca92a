import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Serving } from '../../../main/serving/index.ts';
import { root } from '../../fakes/engine.ts';
import { connect, writeEchoPacks } from '../oip-grpc/fixture.ts';
import { openTestServing, startCore } from '../server/fixture.ts';
import type { TestServing } from '../server/fixture.ts';
import { get, jsonOf, post } from './fixture.ts';

let opened: TestServing;
beforeAll(async () => {
  opened = await openTestServing({ engine: { modelFolders: [`${root}/models`, writeEchoPacks()] } });
}, 60_000);
afterAll(() => opened.close());

/** A server on the real engine, with how many listen for its requests now. */
async function start(grpcBind: string | null) {
  const listening = new Set<object>();
  const serving: Serving = {
    ...opened.serving,
    onServed: (listener) => {
      const stop = opened.serving.onServed(listener);
      const mark = {};
      listening.add(mark);
      return () => {
        listening.delete(mark);
        stop();
      };
    },
  };
  const core = await startCore(opened, { serving, grpcBind });
  return { core, listeners: () => listening.size };
}

test('each request is counted once, in one book that REST and gRPC answer from', async () => {
  const plain = await start(null);
  const alone = plain.listeners();
  await plain.core.close();
  expect(plain.listeners()).toBe(0);

  const { core, listeners } = await start('127.0.0.1:0');
  const client = connect(core.server.grpcAddress ?? '');
  expect(listeners()).toBe(alone);
  const inputs = [{ name: 'in_float32', datatype: 'FP32', shape: [1, 1] }];
  const data = Buffer.from(new Float32Array([1]).buffer);
  await client.call('ModelInfer', { model_name: 'one', inputs, raw_input_contents: [data] });
  await post(`${core.url}/v2/models/one/infer`, { inputs: [{ ...inputs[0], data: [1] }] });
  const rest = jsonOf(await get(`${core.url}/v2/models/one/stats`)).model_stats[0];
  const grpc = (await client.call('ModelStatistics', { name: 'one' })).model_stats[0];
  expect(rest).toMatchObject({ inference_count: 2, inference_stats: { success: { count: 2 } } });
  expect(grpc).toMatchObject({ inference_count: '2', last_inference: String(rest.last_inference) });
  client.close();
  await core.close();
  expect(listeners()).toBe(0);
});
