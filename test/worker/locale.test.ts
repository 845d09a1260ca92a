import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { openSession } from '../../main/worker/session.ts';
import { runtimeReason } from '../../main/worker/runtime-words.ts';

const modelFile = fileURLToPath(new URL('../fixtures/exports/tf-idf.onnx', import.meta.url));

it('a text model that asks for en_US.UTF-8 counts words whatever locales the system has', async () => {
  const session = await openSession({ modelFile, provider: 'cpu', threads: 1 } as never);
  if (!session.ok) throw new Error(session.fault.message);
  const { Tensor } = await import('onnxruntime-node');
  const feeds = { text: new Tensor('string', ['GOAL', 'Élan', 'goal', 'other'], [4]) };
  const { scores } = await session.value.runRaw(feeds, ['scores']);
  expect(Array.from(scores!.data as Float32Array)).toEqual([2, 0, 1]);
});

it('what the runtime said is told whole', () => {
  const said =
    'Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/text/string_normalizer.cc:235 ' +
    'onnxruntime::StringNormalizer::Locale::Locale(const std::string&)::<lambda()> Failed to construct locale with ' +
    'name:xx_XX:locale::facet::_S_create_c_locale name not valid:Please, install necessary language-pack-XX and configure locales\n';
  expect(runtimeReason(new Error(said))).toBe(
    'Failed to construct locale with name:xx_XX:locale::facet::_S_create_c_locale name not valid:Please, install necessary language-pack-XX and configure locales',
  );
});
