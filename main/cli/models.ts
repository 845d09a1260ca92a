import type { Fault } from '../../contract/faults/faults.ts';
import type { ModelDetail, VerifyReport } from '../../contract/packs/model.ts';
import type { AsJson } from './command.ts';
import { withOpened } from './open.ts';
import type { Opened } from './open.ts';
import { bytesText, columns, printable } from './paint.ts';
import { printJson, verifiedText } from './report.ts';
import type { Session } from './session.ts';

export function listModels(session: Session, { json }: AsJson): Promise<number> {
  return withOpened(session, async ({ engine }) => {
    const models = await engine.models.list();
    const rows = models.map(({ id, version, task, state, label, trust, size, digest }) => ({
      id,
      version,
      task,
      state,
      label,
      trust,
      size,
      digest,
    }));
    if (json) await printJson(session, rows);
    else {
      const head = ['model', 'task', 'state', 'label', 'trust', 'size', 'digest'];
      const lines = rows.map((row) => [
        printable(`${row.id}@${row.version}`),
        row.task,
        row.state,
        row.label ?? '-',
        row.trust,
        bytesText(row.size),
        row.digest.slice(0, 19),
      ]);
      await session.terminal.print(`${columns([head, ...lines])}\n`);
    }
    for (const { ref, fault } of models) if (fault) session.terminal.complain(fault, ref);
    return 0;
  });
}

export function showModel(session: Session, { json }: AsJson, ref: string): Promise<number> {
  return withOpened(session, async (opened) => {
    const shown = await opened.engine.models.show(ref);
    if (!shown.ok) return refuseModel(session, opened, shown.fault);
    if (json) await printJson(session, shown.value);
    else await session.terminal.print(detailText(shown.value));
    return 0;
  });
}

/** Exit code 2 when a file of any model is not what its manifest says. */
export function verifyModels(session: Session, { json }: AsJson, refs: readonly string[]): Promise<number> {
  return withOpened(session, async (opened) => {
    const known = await opened.engine.models.list();
    const reports: VerifyReport[] = [];
    const refused: { readonly model: string; readonly fault: Fault }[] = [];
    for (const model of refs.length > 0 ? refs : known.map((entry) => entry.ref)) {
      const entry = known.find(({ ref }) => ref === model);
      if (entry?.fault && entry.state === 'refused') {
        refused.push({ model, fault: entry.fault });
        continue;
      }
      const report = await opened.engine.models.verify(model);
      if (!report.ok) return refuseModel(session, opened, report.fault);
      reports.push(report.value);
    }
    if (json) await printJson(session, [...reports, ...refused]);
    else for (const report of reports) await session.terminal.print(verifiedText(report));
    for (const { model, fault } of refused) session.terminal.complain(fault, model);
    return refused.length > 0 || reports.some(({ passed }) => !passed) ? 2 : 0;
  });
}

/** Says which models there are when the one that was asked for is not. */
export function refuseModel({ terminal }: Session, { library }: Opened, fault: Fault): number {
  terminal.complain(fault);
  if (fault.code === 'model-not-found') {
    const known = library.list().map(({ ref }) => ref);
    terminal.raw(`  On this computer: ${known.length > 0 ? known.join(', ') : 'none'}\n`);
  }
  return 1;
}

function detailText({ model, card, files, inputs, outputs, golden }: ModelDetail): string {
  const shape = (specs: ModelDetail['inputs']): string =>
    specs.map(({ name, type, shape: dims }) => `${name} ${type} [${dims.join(', ')}]`).join('; ');
  const facts = [
    ['model', model.ref],
    ['title', model.title],
    ['summary', model.summary],
    ['task', model.task],
    ['state', [model.state, model.label, model.trust].filter((word) => word !== null).join(', ')],
    ['licence', model.licence],
    ['digest', model.digest],
    ['size', `${bytesText(model.size)} in ${files.length} files`],
    ['inputs', shape(inputs)],
    ['outputs', shape(outputs)],
    ['labels', String(model.labels)],
    ...model.variants.map(({ name, size, note }) => [
      `variant ${name}`,
      `${bytesText(size)}${note ? `; ${note}` : ''}`,
    ]),
    [
      'golden',
      golden
        ? `${golden.passed} of ${golden.total} on ${golden.provider}, ${golden.at}`
        : 'not run on this computer yet',
    ],
  ];
  const list = files.map(({ path, size, sha256 }) => [printable(path), bytesText(size), sha256.slice(0, 12)]);
  return `${columns(facts)}\n\n${columns(list)}\n\n${printable(card.replaceAll('\r', '').replaceAll('\n', '\u2028')).replaceAll('\u2028', '\n').trim()}\n`;
}
