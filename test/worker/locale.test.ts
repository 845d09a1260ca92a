import { expect, it } from 'vitest';
import { runtimeReason } from '../../main/worker/runtime-errors.ts';

it('what the runtime said is told whole', () => {
  const output =
    'Exception during initialization: /onnxruntime_src/onnxruntime/core/providers/cpu/text/string_normalizer.cc:235 ' +
    'onnxruntime::StringNormalizer::Locale::Locale(const std::string&)::<lambda()> Failed to construct locale with ' +
    'name:xx_XX:locale::facet::_S_create_c_locale name not valid:Please, install necessary language-pack-XX and configure locales\n';
  expect(runtimeReason(new Error(output))).toBe(
    'Failed to construct locale with name:xx_XX:locale::facet::_S_create_c_locale name not valid:Please, install necessary language-pack-XX and configure locales',
  );
});
