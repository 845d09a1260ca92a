import { expect, it } from 'vitest';
import { isMeteredByNmcli, isMeteredByWindows } from '../../main/lib/metered.ts';

it('takes a connection for metered when the system says so and no other one is free', () => {
  expect(isMeteredByNmcli('yes (guessed)\n\nunknown\n')).toBe(true);
  expect(isMeteredByNmcli('yes\n\nno\n')).toBe(false);
  expect(isMeteredByNmcli('no (guessed)\nunknown\n')).toBe(false);
  expect(isMeteredByWindows('Variable\r\n')).toBe(true);
  expect(isMeteredByWindows('Unrestricted\r\n')).toBe(false);
});
