import { fault } from '../../contract/faults/faults.ts';
import { Settings, SettingsPatch } from '../../contract/settings.ts';
import { columns } from './paint.ts';
import type { Session } from './session.ts';
import { printJson, refuse } from './report.ts';
import { withOpened } from './open.ts';

export function getSettings(
  session: Session,
  { json }: { readonly json?: boolean },
  name?: string,
): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const settings = Object.entries(await engine.settings.get());
    const shown = name === undefined ? settings : settings.filter(([key]) => key === name);
    if (shown.length === 0) return refuse(session, unknown(name ?? ''));
    if (json) await printJson(session, Object.fromEntries(shown));
    else
      await session.terminal.print(
        `${columns(shown.map(([key, value]) => [key, value === null ? 'none' : String(value)]))}\n`,
      );
    return 0;
  });
}

/** A value is read as what the setting takes: a number, true or false, `none`, or the text itself. */
export function setSetting(session: Session, name: string, text: string): Promise<number> {
  if (!(name in Settings.shape)) return Promise.resolve(refuse(session, unknown(name)));
  const patch = [...readings(text)]
    .map((value) => SettingsPatch.safeParse({ [name]: value }))
    .find((parsed) => parsed.success);
  if (!patch?.success)
    return Promise.resolve(
      refuse(session, fault('usage', { reason: `${name} does not take ${text}.`, command: 'settings get' })),
    );
  return withOpened(session, async ({ engine }) => {
    await engine.settings.set(patch.data);
    return 0;
  });
}

function* readings(text: string): Generator<unknown> {
  if (text === 'none') yield null;
  if (text === 'true' || text === 'false') yield text === 'true';
  if (text.trim() !== '' && Number.isFinite(Number(text))) yield Number(text);
  yield text;
}

const unknown = (name: string) =>
  fault('usage', {
    reason: `There is no setting ${name}; there are ${Object.keys(Settings.shape).join(', ')}.`,
    command: 'settings get',
  });
