import type { Manifest } from '../../contract/manifest.ts';
import { isScoreType, scoredOutput } from '../../contract/scored-output.ts';

/** What a schema cannot say: names that must lead somewhere. One line for each that does not. */
export function findContradictions(manifest: Manifest): readonly string[] {
  return [
    ...unlistedFiles(manifest),
    ...unknownTensors(manifest),
    ...unscored(manifest),
    ...repeatedNames(manifest),
    ...unfitSteps(manifest),
  ];
}

function unlistedFiles({ files, variants, samples, labels, card, golden }: Manifest): readonly string[] {
  const listed = new Set(files.map(({ path }) => path));
  const named: readonly (readonly [string, string | undefined])[] = [
    ...variants.map(({ file }, index) => [`variants.${index}.file`, file] as const),
    ...samples.map(({ file }, index) => [`samples.${index}.file`, file] as const),
    ['labels', labels],
    ['card', card],
    ['golden', golden],
  ];
  return named.flatMap(([place, path]) =>
    path === undefined || listed.has(path) ? [] : [`${place}: ${path} is not among files`],
  );
}

function unknownTensors({
  inputs,
  outputs,
  preprocessing,
  postprocessing,
  embedding,
}: Manifest): readonly string[] {
  const isInput = (name: string) => inputs.some((input) => input.name === name);
  const isOutput = (name: string) => outputs.some((output) => output.name === name);
  return [
    ...preprocessing.flatMap((step, index) =>
      step.op === 'layout' && !isInput(step.input)
        ? [`preprocessing.${index}.input: there is no input ${step.input}`]
        : [],
    ),
    ...postprocessing.flatMap((step, index) =>
      step.output !== undefined && !isOutput(step.output)
        ? [`postprocessing.${index}.output: there is no output ${step.output}`]
        : [],
    ),
    ...(embedding !== undefined && !isOutput(embedding)
      ? [`embedding: there is no output ${embedding}`]
      : []),
  ];
}

/** Which output holds the scores must be certain: another one read in its place gives answers that look right. */
function unscored(manifest: Manifest): readonly string[] {
  const { task, outputs, postprocessing } = manifest;
  const named = new Set(postprocessing.flatMap(({ output }) => (output === undefined ? [] : [output])));
  if (named.size > 1)
    return [`postprocessing: its steps read different outputs, ${[...named].join(' and ')}`];
  if (
    task !== 'image-classification' ||
    [...named].some((name) => !outputs.some((each) => each.name === name))
  )
    return [];
  const scored = scoredOutput(manifest);
  const all = outputs.map(({ name, type }) => `${name} (${type})`).join(', ');
  if (scored === null)
    return [`postprocessing: no step names the output that holds the scores, which could be any of ${all}`];
  return isScoreType(scored.type)
    ? []
    : [
        `postprocessing: scores are floating-point numbers, and output ${scored.name} is of type ${scored.type}`,
      ];
}

function repeatedNames({ variants, inputs, outputs }: Manifest): readonly string[] {
  return Object.entries({ variants, inputs, outputs }).flatMap(([place, rows]) =>
    rows.flatMap(({ name }, index) =>
      rows.findIndex((row) => row.name === name) < index
        ? [`${place}.${index}.name: ${name} is there twice`]
        : [],
    ),
  );
}

function unfitSteps({ task, preprocessing }: Manifest): readonly string[] {
  const missing = (['decode', 'layout'] as const).filter(
    (op) => task === 'image-classification' && !preprocessing.some((step) => step.op === op),
  );
  return [
    ...missing.map((op) => `preprocessing: ${task} needs the step ${op}`),
    ...preprocessing.flatMap((step, index) =>
      step.op === 'normalize' && step.std.includes(0) ? [`preprocessing.${index}.std: division by zero`] : [],
    ),
  ];
}
