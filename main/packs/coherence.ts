import type { Manifest } from '../../contract/manifest.ts';
import { reason, reasonAt, type Reason } from '../../contract/reasons.ts';
import { isScoreType, scoredOutput } from '../../contract/scored-output.ts';

/** What a schema cannot say: names that must lead somewhere. One line for each that does not. */
export function findContradictions(manifest: Manifest): readonly Reason[] {
  return [
    ...unlistedFiles(manifest),
    ...unknownTensors(manifest),
    ...unscored(manifest),
    ...repeatedNames(manifest),
    ...unfitSteps(manifest),
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
      step.output !== undefined && !isOutput(step.output)
        ? [reasonAt(`postprocessing.${index}.output`, reason('no-output-named', { name: step.output }))]
        : [],
    ),
    ...(embedding !== undefined && !isOutput(embedding)
      ? [reasonAt('embedding', reason('no-output-named', { name: embedding }))]
      : []),
  ];
}

/** Which output holds the scores must be certain: another one read in its place gives answers that look right. */
function unscored(manifest: Manifest): readonly Reason[] {
  const { task, outputs, postprocessing } = manifest;
  const named = new Set(postprocessing.flatMap(({ output }) => (output === undefined ? [] : [output])));
  if (named.size > 1)
    return [reasonAt('postprocessing', reason('steps-read-several', { names: [...named].join(' and ') }))];
  if (
    task !== 'image-classification' ||
    [...named].some((name) => !outputs.some((each) => each.name === name))
  )
    return [];
  const scored = scoredOutput(manifest);
  const all = outputs.map(({ name, type }) => `${name} (${type})`).join(', ');
  if (scored === null) return [reasonAt('postprocessing', reason('scores-could-be-any', { names: all }))];
  return isScoreType(scored.type)
    ? []
    : [reasonAt('postprocessing', reason('scores-of-type', { name: scored.name, type: scored.type }))];
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

function unfitSteps({ task, preprocessing }: Manifest): readonly Reason[] {
  const missing = (['decode', 'layout'] as const).filter(
    (op) => task === 'image-classification' && !preprocessing.some((step) => step.op === op),
  );
  return [
    ...missing.map((op) => reasonAt('preprocessing', reason('step-needed', { task, step: op }))),
    ...preprocessing.flatMap((step, index) =>
      step.op === 'normalize' && step.std.includes(0)
        ? [reasonAt(`preprocessing.${index}.std`, reason('division-by-zero'))]
        : [],
    ),
  ];
}
