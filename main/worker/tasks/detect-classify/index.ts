import { failed, ok, type Outcome } from '../../../../contract/faults/faults.ts';
import type { LabelScore } from '../../../../contract/packs/labels.ts';
import { reason } from '../../../../contract/faults/reasons.ts';
import { canBeName } from '../../../../contract/tasks/detect-classify.ts';
import type {
  DetectClassifyResult,
  NameCropsStep,
  NamedDetection,
} from '../../../../contract/tasks/detect-classify.ts';
import type { Result } from '../../../../contract/tasks/index.ts';
import type { Picture } from '../../decoder.ts';
import { cutInput } from '../cut-input.ts';
import type { OpenedTask, OpenJoined, TaskInput } from '../task.ts';
import { cropOf } from './crop.ts';

/** Names that are stored of a box, best first. */
const mostNames = 5;
/** More labels than any classifier has: which of them can be names is looked at here. */
const everyLabel = 1_000_000;

type Found = Extract<Result, { task: 'object-detection' }>;

/** A detector finds, a classifier names what was found: on cuts of the picture, which is decoded once. */
export const openDetectClassify: OpenJoined = ({ spec, parts }) => {
  const detector = parts.get('detector');
  const classifier = parts.get('classifier');
  const step = spec.postprocessing.find((each) => each.op === 'name-crops');
  const absent = !detector ? 'detector' : !classifier ? 'classifier' : null;
  if (!detector || !classifier || !step)
    return failed('pack-parts-unfit', {
      model: spec.name,
      reason:
        absent === null
          ? reason('step-needed', { task: spec.task, step: 'name-crops' })
          : reason('part-role-missing', { task: spec.task, role: absent }),
    });
  const decoding = spec.parts.find(({ role }) => role === 'detector')?.spec.preprocessing ?? [];
  return ok({
    answer: async (input) => {
      const whole = await input.whole(decoding);
      if (!whole.ok) return whole;
      const found = await detect(detector, input, whole.value);
      if (!found.ok) return found;
      const named = await nameAll({ classifier, step, input, whole: whole.value }, found.value);
      if (!named.ok) return named;
      const { width, height, threshold } = found.value;
      return ok({
        task: 'detect-classify',
        width,
        height,
        threshold: spec.threshold ?? threshold,
        unsure: step.unsure,
        detections: [...named.value],
      } satisfies DetectClassifyResult);
    },
  });
};

async function detect(detector: OpenedTask, input: TaskInput, whole: Picture): Promise<Outcome<Found>> {
  const all = { left: 0, top: 0, width: whole.width, height: whole.height };
  const answered = await detector.answer(
    { ...cutInput(input, whole, all), thorough: input.thorough, whole: () => Promise.resolve(ok(whole)) },
    {},
  );
  if (!answered.ok) return answered;
  if (answered.value.task !== 'object-detection') throw new Error('the detector found no boxes');
  return ok(answered.value);
}

type Naming = {
  readonly classifier: OpenedTask;
  readonly step: NameCropsStep;
  readonly input: TaskInput;
  readonly whole: Picture;
};

/** Boxes that are worth a name get theirs, in one batch; the others keep their group alone. */
async function nameAll(
  { classifier, step, input, whole }: Naming,
  { detections, width, height }: Found,
): Promise<Outcome<readonly NamedDetection[]>> {
  const asked = detections
    .filter(({ label, score }) => score >= step.minScore && step.groups.includes(label))
    .slice(0, step.most);
  const crops = asked.map(({ box }) => cutInput(input, whole, cropOf(box, step.scale, { width, height })));
  const answered = await classifyAll(classifier, crops);
  if (!answered.ok) return answered;
  const names = new Map(asked.map((each, at) => [each, namesIn(answered.value[at], step)]));
  return ok(detections.map((each) => ({ ...each, names: names.get(each) ?? [] })));
}

async function classifyAll(
  classifier: OpenedTask,
  crops: readonly TaskInput[],
): Promise<Outcome<readonly Result[]>> {
  if (crops.length === 0) return ok([]);
  if (classifier.answerAll) return classifier.answerAll(crops, { top: everyLabel });
  const results: Result[] = [];
  for (const crop of crops) {
    const answered = await classifier.answer(crop, { top: everyLabel });
    if (!answered.ok) return answered;
    results.push(answered.value);
  }
  return ok(results);
}

/** The best labels that can be names of such a thing. */
function namesIn(result: Result | undefined, step: NameCropsStep): LabelScore[] {
  if (result?.task !== 'image-classification') throw new Error('the classifier ranked no labels');
  return result.predictions.filter(({ index }) => canBeName(step, index)).slice(0, mostNames);
}
