import type { Manifest } from '../../contract/packs/manifest.ts';
import { findUnfitParts } from '../../contract/packs/pack-parts.ts';
import { misfitOfPicture, misfitOfValues } from '../../contract/packs/picture-input.ts';
import { reason, reasonAt, type Reason } from '../../contract/faults/reasons.ts';
import { rolesOf, taskOf } from '../../contract/tasks/index.ts';

/** Consistency rules beyond the schema: references that must resolve. One reason for each that does not. */
export function findContradictions(manifest: Manifest): readonly Reason[] {
  return [
    ...unlistedFiles(manifest),
    ...findUnfitParts(manifest, Object.keys(rolesOf(manifest.task))),
    ...unknownTensors(manifest),
    ...taskOf(manifest.task).findContradictions(manifest),
    ...repeatedNames(manifest),
    ...unfitSteps(manifest),
    ...unfitPicture(manifest),
  ];
}

function unlistedFiles({ files, variants, samples, labels, card, golden }: Manifest): readonly Reason[] {
  const listed = new Set(files.map(({ path }) => path));
  const named: readonly (readonly [string, string | undefined])[] = [
    ...variants.map(({ file }, index) => [`variants.${index}.file`, file] as const),
    ...samples.map(({ file }, index) => [`samples.${index}.file`, file] as const),
    ['labels', labels],
    ['card', card],
    ['golden', golden],
  ];
  return named.flatMap(([place, path]) =>
    path === undefined || listed.has(path)
      ? []
      : [reasonAt(place, reason('not-among-files', { file: path }))],
  );
}

function unknownTensors({
  inputs,
  outputs,
  preprocessing,
  postprocessing,
  embedding,
}: Manifest): readonly Reason[] {
  const isInput = (name: string) => inputs.some((input) => input.name === name);
  const isOutput = (name: string) => outputs.some((output) => output.name === name);
  return [
    ...preprocessing.flatMap((step, index) =>
      step.op === 'layout' && !isInput(step.input)
        ? [reasonAt(`preprocessing.${index}.input`, reason('no-input-named', { name: step.input }))]
        : [],
    ),
    ...postprocessing.flatMap((step, index) =>
      'output' in step && step.output !== undefined && !isOutput(step.output)
        ? [reasonAt(`postprocessing.${index}.output`, reason('no-output-named', { name: step.output }))]
        : [],
    ),
    ...(embedding !== undefined && !isOutput(embedding)
      ? [reasonAt('embedding', reason('no-output-named', { name: embedding }))]
      : []),
  ];
}

function repeatedNames({ variants, inputs, outputs }: Manifest): readonly Reason[] {
  return Object.entries({ variants, inputs, outputs }).flatMap(([place, rows]) =>
    rows.flatMap(({ name }, index) =>
      rows.findIndex((row) => row.name === name) < index
        ? [reasonAt(`${place}.${index}.name`, reason('there-twice', { name }))]
        : [],
    ),
  );
}

function unfitSteps({ preprocessing }: Manifest): readonly Reason[] {
  return preprocessing.flatMap((step, index) =>
    step.op === 'normalize' && step.std.includes(0)
      ? [reasonAt(`preprocessing.${index}.std`, reason('division-by-zero'))]
      : [],
  );
}

/** Steps that do not fit the graph's input: reported here rather than at the first photo. */
function unfitPicture({ inputs, preprocessing }: Manifest): readonly Reason[] {
  const at = preprocessing.findIndex(({ op }) => op === 'layout');
  const layout = preprocessing[at];
  const input = layout?.op === 'layout' ? inputs.find(({ name }) => name === layout.input) : undefined;
  return [input ? misfitOfPicture(input, preprocessing) : null, misfitOfValues(preprocessing)].flatMap(
    (why) => (why === null ? [] : [reasonAt(`preprocessing.${at}`, why)]),
  );
}
