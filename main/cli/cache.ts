import { fault } from '../../contract/faults/faults.ts';
import { bytesText, columns, printable } from './paint.ts';
import type { Session } from './session.ts';
import type { AsJson } from './command.ts';
import { printJson } from './report.ts';
import { withOpened } from './open.ts';

export function cacheStats(session: Session, { json }: AsJson): Promise<number> {
  return withOpened(session, async ({ store }) => {
    const stats = await store.cacheStats();
    if (json) await printJson(session, { ...stats, store: store.state() });
    else {
      const facts = [
        ['answers', String(stats.answers)],
        ['kept by hand', String(stats.kept)],
        ['inputs known', String(stats.inputs)],
        ['room taken', `${bytesText(stats.sizeBytes)} of at most ${bytesText(stats.capBytes)}`],
        ['oldest', stats.oldestAt ?? '-'],
        ...stats.models.map(({ model, version, answers }) => [`${model}@${version}`, String(answers)]),
        ['file', store.state().file],
      ];
      await session.terminal.print(`${columns(facts)}\n`);
    }
    return 0;
  });
}

type CacheListOptions = AsJson & {
  readonly limit: number;
  readonly label?: string;
  readonly model?: string;
};
const pageSize = 500;

export function cacheList(
  session: Session,
  { json, limit, label, model }: CacheListOptions,
): Promise<number> {
  return withOpened(session, async ({ store }) => {
    const filter = { ...(label === undefined ? {} : { label }), ...(model === undefined ? {} : { model }) };
    let left = limit;
    let before: { at: string; key: string } | undefined;
    while (left > 0) {
      const page = await store.history({
        ...filter,
        ...(before ? { before } : {}),
        limit: Math.min(left, pageSize),
      });
      const lines = json
        ? page.map((entry) => JSON.stringify(entry)).join('\n')
        : columns(
            page.map((entry) => [
              entry.at,
              `${entry.model}@${entry.version}`,
              entry.variant,
              entry.provider,
              entry.score === null ? '-' : entry.score.toFixed(3),
              printable(entry.label ?? '-'),
              entry.input.slice(0, 19),
              entry.kept ? 'kept' : '',
            ]),
          );
      const last = page.at(-1);
      const { terminal } = session;
      const isTaken = json ? terminal.printData(`${lines}\n`, 'json') : terminal.print(`${lines}\n`);
      if (!last || !(await isTaken)) break;
      before = { at: last.at, key: last.key };
      left -= page.length;
    }
    return 0;
  });
}

type CachePurgeOptions = AsJson & {
  readonly olderThan?: number;
  readonly model?: string;
  readonly all?: boolean;
};

export function cachePurge(
  session: Session,
  { json, olderThan, model, all }: CachePurgeOptions,
): Promise<number> {
  if (olderThan === undefined && model === undefined && !all) {
    session.terminal.complain(
      fault('usage', {
        reason: 'Say what to remove: --older-than, --model or --all.',
        command: 'cache purge',
      }),
    );
    return Promise.resolve(1);
  }
  return withOpened(session, async ({ store }) => {
    const state = store.state();
    if (state.kind === 'read-only') return 1;
    const { removed } = await store.purge({
      ...(olderThan === undefined ? {} : { olderThanMs: olderThan }),
      ...(model === undefined ? {} : { model }),
      ...(all ? { all } : {}),
    });
    await store.flush();
    if (json) await printJson(session, { removed });
    else await session.terminal.print(`${removed} ${removed === 1 ? 'answer' : 'answers'} removed\n`);
    return 0;
  });
}

/** Exit code 2 when something stored is damaged. */
export function cacheVerify(session: Session, { json }: AsJson): Promise<number> {
  return withOpened(session, async ({ store }) => {
    const report = await store.verifyCache();
    if (json) await printJson(session, report);
    else {
      const damaged = report.damaged.map(({ key, reason }) => `  ${key}: ${reason}`);
      await session.terminal.print(
        `${[`${report.checked} answers checked, ${report.damaged.length} damaged; database: ${report.integrity}`, ...damaged].join('\n')}\n`,
      );
    }
    return report.damaged.length > 0 || report.integrity !== 'ok' ? 2 : 0;
  });
}
