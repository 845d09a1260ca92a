import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codeOf, Desk, kinds } from './desk.ts';

let desk: Desk;
beforeEach(async () => {
  desk = await Desk.open();
  await desk.feed.root();
  await desk.feed.publish({ packs: [{ version: '1.0.0' }, { version: '1.1.0' }] });
  desk.trustFirstRoot();
});
afterEach(() => desk.close());

describe.each(kinds)('a sound feed over %s', (kind) => {
  it('offers the newest version of a model', async () => {
    const outcome = await desk.check(kind);
    expect(outcome).toMatchObject({
      ok: true,
      value: { publisher: 'Survey Office', withheld: [], offers: [{ model: 'birds', version: '1.1.0' }] },
    });
  });

  it('is as sound when it is asked again, and after an update', async () => {
    expect(codeOf(await desk.check(kind))).toBe('sound');
    expect(codeOf(await desk.check(kind))).toBe('sound');
    await desk.feed.publish({ version: 2, packs: [{ version: '1.2.0' }] });
    expect(await desk.check(kind)).toMatchObject({ ok: true, value: { offers: [{ version: '1.2.0' }] } });
  });
});
