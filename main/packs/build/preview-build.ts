import { ok } from '../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../contract/faults/faults.ts';
import type { Labels } from '../../../contract/packs/labels.ts';
import { fieldOf } from '../../../contract/packs/pack-build.ts';
import type { PackField, PackLook } from '../../../contract/packs/pack-build.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';
import type { Graph } from '../graph/graph.ts';
import { tailsOf } from '../graph/left-out.ts';
import { checkEmbedding, readEvaluation, readSpecs } from './compose.ts';
import { validateAnswer, questionsFor, readAnsweredLabels } from './decide.ts';
import { factsOf } from './facts.ts';
import type { Facts } from './facts.ts';
import { notesFor } from './notes.ts';
import { presets } from './presets.ts';
import { oldestApp } from './request.ts';
import { withCuts } from './read-model.ts';
import type { ReadModel } from './read-model.ts';
import type { Answers, BuildRequest, PackDraft, Question } from './request.ts';
import { readSteps } from './steps.ts';
import type { Steps } from './steps.ts';
import { taskBuildOf } from './tasks/index.ts';
import type { Reading } from './tasks/index.ts';
import { readVariants } from './variants.ts';

const firstLabels = 12;

/**
 * Preview of a build: the file and the answers so far, validated as a build would; nothing is run. `read` reads the
 * graph of another variant.
 */
export async function previewBuild(
  asked: PackDraft,
  graph: ReadModel,
  read: (file: string) => Promise<Outcome<Graph>>,
): Promise<PackLook> {
  const facts = withCuts(factsOf(graph), graph.cuts);
  const faults: { field: PackField | null; fault: Fault }[] = [];
  const keep = <T>(outcome: Outcome<T>): T | null => {
    if (outcome.ok) return outcome.value;
    faults.push({ field: fieldOf(outcome.fault), fault: outcome.fault });
    return null;
  };
  const answers = soundAnswers(asked.answers);
  const request = { ...emptyRequest, ...asked, answers };
  const labels = keep(await readAnsweredLabels(request, facts));
  const known = { labels: labels?.length ?? null, embedding: asked.embedding };
  const questions = questionsFor(answers, facts, known);
  const task = (answers.task ?? facts.task) as PackLook['task'];
  // Without labels an ambiguous output is an open question, not a fault.
  const isOpen =
    task === null ||
    (taskBuildOf(task).photos?.needsLabels && labels === null) ||
    questions.some(
      ({ question }) => (question === 'output' || question === 'form') && answers[question] === undefined,
    );
  const reading = isOpen ? null : keep(taskBuildOf(task).read(request, facts, labels));
  const scored = reading?.scored ?? null;
  keep(readSpecs(graph));
  keep(checkEmbedding(request, graph));
  keep(await readVariants(request, graph, read));
  keep(await readEvaluation(request.evaluation));
  const steps = keep(await stepsOf(request, { facts, task, reading }));
  return {
    name: graph.file,
    size: graph.sizeBytes,
    writtenBy: [graph.producer.name, graph.producer.version].filter(Boolean).join(' '),
    inputs: graph.inputs.map(valueOf),
    outputs: graph.outputs.map(valueOf),
    tails: graph.cuts?.map(({ output }) => output) ?? [...tailsOf(graph)],
    beside: [...new Set(graph.external.flatMap(({ location }) => location ?? []))],
    task,
    stated: {
      task: facts.task,
      licence: facts.licence,
      preprocess: facts.preset,
      labels: facts.labels?.length ?? null,
    },
    questions: questions.map(({ question, suggestion, choices }) => ({
      question,
      suggestion,
      choices: choices ? [...choices] : null,
      state:
        asked.answers[question] === undefined
          ? 'missing'
          : answers[question] === undefined
            ? 'wrong'
            : 'answered',
    })),
    labels: labels && namesOf(labels),
    picture: facts.picture && {
      order: facts.picture.order,
      type: facts.picture.type,
      channels: facts.picture.channels,
      width: facts.picture.width,
      height: facts.picture.height,
    },
    presets: presets.flatMap(({ name, title, photo }) => {
      if (!photo) return [];
      const { crop, kernel, mean, std, channels, letterbox } = photo;
      return [
        {
          name,
          title,
          photo: { crop, kernel, mean: [...mean], std: [...std], channels, ...(letterbox && { letterbox }) },
        },
      ];
    }),
    steps: steps && steps.preprocessing.length > 0 ? [...steps.preprocessing] : null,
    scored: scored && { output: scored.name, kind: scored.kind },
    notes: [...notesFor(facts, answers), ...(steps?.notes ?? [])],
    faults,
  };
}

/** Drops invalid answers. */
function soundAnswers(answers: Answers): Answers {
  const sound = Object.entries(answers).filter(
    ([question, answer]) => answer !== undefined && validateAnswer(question as Question, answer) === null,
  );
  return Object.fromEntries(sound) as Answers;
}

async function stepsOf(
  request: BuildRequest,
  { facts, task, reading }: { facts: Facts; task: PackLook['task']; reading: Reading | null },
): Promise<Outcome<Steps | null>> {
  const isKnown = request.photo ?? request.answers.preprocess ?? facts.preset;
  if (task === null || !takesPictures(task) || !isKnown) return ok(null);
  return readSteps(request, facts, { task, reading: reading ?? nothingRead });
}

const namesOf = (labels: Labels): NonNullable<PackLook['labels']> => ({
  count: labels.length,
  first: labels.slice(0, firstLabels).map(({ name }) => name),
});

const valueOf = ({ name, type, shape }: Graph['inputs'][number]): PackLook['inputs'][number] => ({
  name,
  type,
  shape: shape && [...shape],
});

/** For showing the preparation before the outputs are known. */
const nothingRead: Reading = {
  scored: null,
  ending: { postprocessing: [], scoring: null, threshold: null },
  own: (postprocessing) => ({ postprocessing, scoring: null, threshold: null }),
};

/** Fields of a request that only a build needs. */
const emptyRequest = {
  out: '',
  golden: [],
  samples: [],
  minimumApp: oldestApp,
  appVersion: oldestApp,
} as const satisfies Partial<BuildRequest>;
