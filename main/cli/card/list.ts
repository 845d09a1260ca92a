import type { Card } from '../../intake/index.ts';
import { createIntake } from '../../intake/index.ts';
import type { AsJson } from '../command.ts';
import { withOpened } from '../open.ts';
import type { Opened } from '../open.ts';
import { columns, printable } from '../paint.ts';
import { printJson } from '../report.ts';
import type { Session } from '../session.ts';

export const openIntake = ({ places }: Session, { store }: Opened) =>
  createIntake({ store, appVersion: places.version, now: () => new Date() });

/** `outpost card list`. */
export function listCards(session: Session, { json }: AsJson): Promise<number> {
  return withOpened(session, async (opened) => {
    const cards = await openIntake(session, opened).cards();
    if (json) await printJson(session, cards.map(recordOf));
    else if (cards.length === 0)
      session.terminal.note('No card, stick or other removable drive is plugged in.');
    else await session.terminal.print(`${columns(cards.map(rowOf))}\n`);
    return 0;
  });
}

const recordOf = ({ volume: { place, id, label, type }, before }: Card) => ({
  place,
  volume: id,
  label,
  type,
  copies: before.map(({ target, site, startedAt, endedAt, files }) => ({
    copy: target,
    site,
    startedAt,
    endedAt,
    files,
  })),
});

function rowOf({ volume, before: [last] }: Card): readonly string[] {
  const seen = last
    ? `${last.endedAt === null ? 'begun' : 'copied'} ${last.startedAt.slice(0, 10)}, ${last.files} files: ${last.target}`
    : 'not copied before';
  return [volume.place, volume.label ?? '', volume.id ?? '', volume.type, seen].map(printable);
}
