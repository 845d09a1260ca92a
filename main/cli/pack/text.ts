import type { Built, Inspected, PackDiff } from '../../packs/build/index.ts';
import { bytesText, columns, printable } from '../paint.ts';

type Graph = Inspected['graphs'][number];

export function builtText(out: string, { manifest, digest, archive, golden, notes }: Built): string {
  const rows = [
    ['pack', `${manifest.id}@${manifest.version}, ${manifest.task}`],
    ['file', `${out}, ${bytesText(archive.size)} in ${manifest.files.length + 1} files`],
    ['digest', digest],
    ['SHA-256 of the file', archive.sha256],
    [
      'golden',
      golden === 0
        ? 'none: give --golden FOLDER, so that each computer can check itself'
        : `${golden}, recorded here and passed here`,
    ],
  ];
  return `${columns(rows)}\n${notes.map((note) => `\n${printable(note)}\n`).join('')}`;
}

export function inspectedText({
  place,
  form,
  sizeBytes,
  digest,
  manifest,
  graphs,
  facts,
}: Inspected): string {
  const pack =
    manifest === null
      ? []
      : [
          ['pack', `${manifest.id}@${manifest.version}`],
          ['title', manifest.title],
          ['summary', manifest.summary],
          ['task', manifest.task],
          ['licence', manifest.licence],
          ['digest', digest ?? ''],
          ['needs', `Outpost ${manifest.minimumAppVersion}`],
          ['signature', 'none in the file itself; a feed signs it from outside'],
          [
            'steps',
            [...manifest.preprocessing, ...manifest.postprocessing].map(({ op }) => op).join(', ') || 'none',
          ],
          ['golden', manifest.golden ?? 'none'],
        ];
  const head = [[form, `${place}, ${bytesText(sizeBytes)}`], ...pack];
  const files = (manifest?.files ?? []).map(({ path, size, sha256 }) => [
    printable(path),
    bytesText(size),
    sha256.slice(0, 12),
  ]);
  const guesses =
    facts === null
      ? []
      : [
          [
            ['task', facts.task ?? 'not said by the file'],
            ['preset', facts.preset ?? 'not said by the file'],
            ['labels', facts.labels === null ? 'none in the file' : `${facts.labels.length} in the file`],
            ...facts.notes.map((note) => ['note', note]),
          ],
        ];
  return [head, ...graphs.map(graphRows), ...guesses, ...(files.length > 0 ? [files] : [])]
    .map((rows) => `${columns(rows.map((row) => row.map(printable)))}\n`)
    .join('\n');
}

export function diffText({
  from,
  to,
  added,
  removed,
  changed,
  labels,
  manifest,
  graphs,
  delta,
}: PackDiff): string {
  const rows = [
    ...added.map(({ path, size }) => ['+', path, bytesText(size)]),
    ...removed.map(({ path, size }) => ['-', path, bytesText(size)]),
    ...changed.map(({ path, size }) => ['~', path, `${bytesText(size.before)} → ${bytesText(size.after)}`]),
  ];
  const labelLines = [
    ...labels.added.map((name) => `+ label ${name}`),
    ...labels.removed.map((name) => `- label ${name}`),
    ...(labels.moved > 0 ? [`~ ${labels.moved} labels have another index`] : []),
  ];
  const fields = Object.entries({ ...manifest, ...graphs }).flatMap(([key, change]) =>
    changeLines(key, change),
  );
  const lines = [
    `${from} → ${to}`,
    ...(rows.length > 0 ? [columns(rows.map((row) => row.map(printable)))] : []),
    ...labelLines.map(printable),
    ...fields.map(printable),
    ...(delta ? [`An update moves ${bytesText(delta.bytes)} of ${bytesText(delta.of)}.`] : []),
  ];
  return `${(lines.length === (delta ? 2 : 1) ? [...lines, 'Nothing differs.'] : lines).join('\n')}\n`;
}

/** Of two lists only what is not in both, so that a changed step is seen as that step. */
function changeLines(key: string, { before, after }: PackDiff['manifest'][string]): readonly string[] {
  if (!Array.isArray(before) || !Array.isArray(after))
    return [`~ ${key}: ${short(before)} → ${short(after)}`];
  const [old, now] = [before.map((each) => JSON.stringify(each)), after.map((each) => JSON.stringify(each))];
  const lines = [
    ...old.filter((each) => !now.includes(each)).map((each) => `- ${key}: ${each}`),
    ...now.filter((each) => !old.includes(each)).map((each) => `+ ${key}: ${each}`),
  ];
  return lines.length > 0 ? lines : [`~ ${key}: in another order`];
}

function short(value: unknown): string {
  const text = JSON.stringify(value);
  return text.length > 160 ? `${text.slice(0, 159)}…` : text;
}

function graphRows({
  file,
  irVersion,
  producer,
  opsets,
  inputs,
  outputs,
  initializers,
  external,
  operators,
}: Graph) {
  const value = ({ name, kind, type, shape }: Graph['inputs'][number]) =>
    `${name} ${type ?? kind} [${shape?.map((dim) => dim ?? '?').join(', ') ?? '?'}]`;
  return [
    ['model', file],
    ['written by', [producer.name, producer.version].filter(Boolean).join(' ') || 'not said'],
    ['IR version', String(irVersion)],
    [
      'opset',
      Object.entries(opsets)
        .map(([domain, version]) => `${domain || 'ai.onnx'} ${version}`)
        .join(', '),
    ],
    ['inputs', inputs.map(value).join('; ')],
    ['outputs', outputs.map(value).join('; ')],
    ['weights', `${initializers}, ${external.length} of them in other files`],
    ['operators', operators.join(', ')],
  ];
}
