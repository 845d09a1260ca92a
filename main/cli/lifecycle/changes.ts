import { resolve } from 'node:path';
import { fault } from '../../../contract/faults/faults.ts';
import type { AsJson, SourceOptions } from '../command.ts';
import { waysBack } from './text.ts';
import { feedOf, reportTimeline } from './lifecycle.ts';
import { withInterrupt } from '../interrupt.ts';
import { bytesText } from '../paint.ts';
import type { Session } from '../session.ts';
import { printJson, refuse } from '../report.ts';
import { withOpened } from '../open.ts';
import { splitRef } from '../../../contract/serving/split-ref.ts';

export type Change = { readonly name: 'try' | 'switch' | 'keep'; readonly ref: string };

export function change(session: Session, options: AsJson, { name, ref }: Change): Promise<number> {
  return withOpened(session, ({ lifecycle }) =>
    withInterrupt(async (signal) => {
      const version = named(ref);
      const work = {
        try: () => lifecycle.try(version, { signal }),
        switch: () => lifecycle.switchTo(version),
        keep: () => lifecycle.keep(version),
      }[name];
      return reportTimeline(session, options, await work());
    }),
  );
}

/** One version, or every version of a model that was added. */
export function remove(session: Session, options: AsJson, ref: string): Promise<number> {
  return withOpened(session, async ({ lifecycle }) => {
    if (ref.includes('@')) return reportTimeline(session, options, await lifecycle.remove(named(ref)));
    const before = await lifecycle.show(ref);
    const done = await reportTimeline(session, options, await lifecycle.removeModel(ref));
    if (done === 0 && !options.json && before.ok)
      await session.terminal.print(`  To get it back: ${waysBack(before.value)}\n`);
    return done;
  });
}

export function rollBack(session: Session, options: AsJson, model: string): Promise<number> {
  return withOpened(session, async ({ lifecycle }) =>
    reportTimeline(session, options, await lifecycle.rollBack(model)),
  );
}

export function pin(session: Session, options: AsJson, ref: string): Promise<number> {
  const { model, version } = named(ref);
  return withOpened(session, async ({ lifecycle }) =>
    reportTimeline(session, options, await lifecycle.setPolicy(model, { kind: 'specific', version })),
  );
}

export function policy(
  session: Session,
  options: AsJson,
  [model = '', kind = '']: readonly string[],
): Promise<number> {
  if (kind !== 'latest' && kind !== 'all')
    return Promise.resolve(
      refuse(
        session,
        fault('usage', {
          reason: `There is no policy ${kind}; it is latest or all.`,
          command: 'models policy',
        }),
      ),
    );
  return withOpened(session, async ({ lifecycle }) =>
    reportTimeline(session, options, await lifecycle.setPolicy(model, { kind })),
  );
}

export function repair(session: Session, options: SourceOptions, ref: string): Promise<number> {
  return withOpened(session, async ({ lifecycle }) =>
    reportTimeline(session, options, await lifecycle.repair(named(ref), await feedOf(options.feed))),
  );
}

export function exportPack(
  session: Session,
  { json, out }: AsJson & { out: string },
  ref: string,
): Promise<number> {
  return withOpened(session, async ({ lifecycle }) => {
    const file = resolve(out);
    const written = await lifecycle.exportTo(named(ref), file);
    if (!written.ok) return refuse(session, written.fault);
    if (json) await printJson(session, { file, size: written.value.size });
    else await session.terminal.print(`${file}: ${bytesText(written.value.size)}\n`);
    return 0;
  });
}

function named(ref: string): { readonly model: string; readonly version: string } {
  const { id: model, version = '' } = splitRef(ref);
  return { model, version };
}
