import { existsSync } from 'node:fs';
import { ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import { buildPack, diffPacks, inspect, titleOf, unpack, verify } from '../../packs/build/index.ts';
import type { Answers, BuildRequest } from '../../packs/build/index.ts';
import type { AsJson } from '../command.ts';
import { catchInterrupt } from '../interrupt.ts';
import { askFor } from './ask.ts';
import { readGoldenFolder } from './golden-files.ts';
import type { GoldenFiles } from './golden-files.ts';
import type { BuildOptions } from './options.ts';
import { openRunnerOf } from './runner.ts';
import { builtText, diffText, inspectedText } from './text.ts';
import type { Session } from '../session.ts';
import { printJson, reportOutcome, verifiedText } from '../report.ts';

export async function buildPackFile(session: Session, options: BuildOptions, model: string): Promise<number> {
  const { terminal } = session;
  const golden: Outcome<GoldenFiles> =
    options.golden === undefined ? ok({ inputs: [], ignored: [] }) : await readGoldenFolder(options.golden);
  if (!golden.ok) return refuse(session, golden.fault);
  const { inputs, ignored } = golden.value;
  if (ignored.length > 0) terminal.note(`Left out of the golden samples: ${ignored.join(', ')}`);
  const canAsk = process.stdin.isTTY === true && terminal.isErrorTerminal && options.json !== true;
  const interrupt = catchInterrupt();
  const { signal } = interrupt;
  const built = await buildPack(requestOf(session, options, { model, golden: inputs }), {
    openRunner: openRunnerOf(session, signal),
    signal,
    ...(canAsk && {
      ask: (missing) => askFor(missing, { input: process.stdin, output: process.stderr, signal }),
    }),
  }).finally(() => interrupt.close());
  if (!built.ok) return refuse(session, built.fault, interrupt.wasInterrupted() ? 130 : 1);
  if (options.json) await printJson(session, { file: options.out, ...built.value });
  else await terminal.print(builtText(options.out, built.value));
  return 0;
}

export async function inspectFile(session: Session, { json }: AsJson, file: string): Promise<number> {
  const inspected = await inspect(file, session.places.version);
  return reportOutcome(session, inspected, { json, text: inspectedText });
}

/** Exit code 2 when a file is not what the manifest says. */
export async function verifyFile(session: Session, { json }: AsJson, file: string): Promise<number> {
  const verified = await verify(file, session.places.version);
  if (!verified.ok) return refuse(session, verified.fault, 2);
  if (json) await printJson(session, verified.value);
  else await session.terminal.print(verifiedText(verified.value));
  return verified.value.passed ? 0 : 2;
}

export async function diffFiles(
  session: Session,
  { json }: AsJson,
  { from, to }: { readonly from: string; readonly to: string },
): Promise<number> {
  const diff = await diffPacks(from, to, session.places.version);
  return reportOutcome(session, diff, { json, text: diffText });
}

export async function unpackFile(
  session: Session,
  { out }: { readonly out: string },
  file: string,
): Promise<number> {
  const unpacked = await unpack(file, out, session.places.version);
  if (!unpacked.ok) return refuse(session, unpacked.fault);
  const { manifest } = unpacked.value;
  session.terminal.note(
    `${manifest.id}@${manifest.version} is in ${out}, ${manifest.files.length + 1} files.`,
  );
  return 0;
}

function requestOf(
  { places }: Session,
  options: BuildOptions,
  { model, golden }: Pick<BuildRequest, 'model' | 'golden'>,
): BuildRequest {
  const { task, id, title, summary, licence, labels, preprocess, size, form, output } = options;
  const version = options.packVersion;
  const given = { task, id, version, title, summary, licence, labels, preprocess, size, form, output };
  const answers = Object.fromEntries(
    Object.entries(given).filter(([, value]) => value !== undefined),
  ) as Answers;
  const { scores, embedding, cutTails, prepared, card, evaluation, licenceFile, source } = options;
  return {
    model,
    out: options.out,
    answers,
    as: options.as,
    variants: options.variant ?? [],
    providers: [...new Set(['cpu' as const, ...(options.provider ?? [])])],
    golden,
    samples: (options.sample ?? []).map(sampleOf),
    minimumApp: options.minimumApp,
    appVersion: places.version,
    scores,
    embedding,
    cutTails,
    prepared,
    card,
    evaluation,
    licenceFile,
    source,
  };
}

/** `cat.png`, or `cat.png=A cat`; a file that is called so itself is taken as it is. */
function sampleOf(text: string): { readonly file: string; readonly title: string } {
  const at = text.lastIndexOf('=');
  if (at <= 0 || existsSync(text)) return { file: text, title: titleOf(text) };
  return { file: text.slice(0, at), title: text.slice(at + 1) };
}

function refuse({ terminal }: Session, fault: Fault, code = 1): number {
  terminal.complain(fault);
  return code;
}
