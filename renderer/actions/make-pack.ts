import type { Selection } from '../../contract/calls.ts';
import type { PackForm } from '../../contract/pack-build.ts';
import { ask } from '../bridge.ts';
import { pendingImport } from '../state/pending-import.ts';
import { client } from '../state/client.ts';
import { changeDraft, emptyForm, makeDrafts } from '../state/making.ts';
import type { GoldenFile, MakeDraft } from '../state/making.ts';
import { modelsPage, shownModel } from '../state/place.ts';
import { putTimeline } from './lifecycle.ts';
import { goTo, showModels } from './move.ts';
import { perform } from './perform.ts';

/** Shows the form for a bare model; what was filled in before is still there. */
export async function openMakeForm(ref: string, name: string): Promise<void> {
  if (!makeDrafts.get().some((one) => one.ref === ref)) {
    const look = await ask('pack.look', { ref, form: emptyForm });
    if (!look.ok) {
      pendingImport.set({ ref, preview: { kind: 'onnx', name }, installing: null, fault: look.fault });
      return;
    }
    const suggested = Object.fromEntries(
      look.value.questions.flatMap(({ question, suggestion }) =>
        prefilled.has(question) && suggestion !== null ? [[question, suggestion]] : [],
      ),
    );
    const { licence } = look.value.stated;
    const answers = { ...suggested, ...(licence === null ? {} : { licence }) };
    makeDrafts.set((all) => [...all, { ...emptyDraft, ref, name, form: { ...emptyForm, answers } }]);
  }
  goTo('models');
  modelsPage.set({ kind: 'make', ref });
}

/** Guesses that do no harm; how a photo is prepared is never one of them. */
const prefilled: ReadonlySet<string> = new Set(['id', 'version', 'title', 'summary']);

const emptyDraft: Omit<MakeDraft, 'ref' | 'name' | 'form'> = {
  labelsFile: null,
  photos: [],
  keepsPhotos: true,
  inputs: [],
  previewed: null,
  isAsked: false,
  step: { kind: 'open' },
};

type Answers = PackForm['answers'];

export function answer(ref: string, question: keyof Answers, text: string): void {
  changeForm(ref, ({ answers }) => ({
    answers: { ...answers, [question]: text === '' ? undefined : text },
  }));
}

export function changeForm(ref: string, change: (form: PackForm) => Partial<PackForm>): void {
  changeDraft(ref, ({ form }) => ({ form: { ...form, ...change(form) } }));
}

export async function chooseLabels(ref: string): Promise<void> {
  const [file] = (await perform('pack.choose', { kind: 'labels' })) ?? [];
  if (file) takeLabels(ref, file);
}

function takeLabels(ref: string, file: GoldenFile): void {
  changeForm(ref, () => ({ labels: { kind: 'file', ref: file.ref } }));
  changeDraft(ref, () => ({ labelsFile: file.name }));
}

export async function choosePhotos(ref: string): Promise<void> {
  const selection = await perform('files.choose', { kind: 'photos' });
  if (selection) addPhotos(ref, selection.files);
}

export async function chooseInputs(ref: string): Promise<void> {
  const files = await perform('pack.choose', { kind: 'inputs' });
  if (files) changeDraft(ref, ({ inputs }) => ({ inputs: merged(inputs, files) }));
}

function addPhotos(ref: string, files: readonly GoldenFile[]): void {
  changeDraft(ref, ({ photos, previewed }) => ({
    photos: merged(photos, files),
    previewed: files[0]?.ref ?? previewed,
  }));
}

export function dropGolden(ref: string, file: string): void {
  changeDraft(ref, ({ photos, inputs, previewed }) => ({
    photos: photos.filter((one) => one.ref !== file),
    inputs: inputs.filter((one) => one.ref !== file),
    previewed: previewed === file ? null : previewed,
  }));
}

/** The most files that a form keeps; main takes no more. */
const mostGolden = 60;
const merged = (before: readonly GoldenFile[], more: readonly GoldenFile[]): readonly GoldenFile[] =>
  [...before, ...more.filter(({ ref }) => before.every((one) => one.ref !== ref))]
    .map(({ ref, name }) => ({ ref, name }))
    .slice(0, mostGolden);

/** What is dropped on a form belongs to it: labels, arrays, or photos. */
export function takeIntoForm(ref: string, { files }: Selection): void {
  const isText = /\.(?:txt|json|tsv|names)$/iu;
  const isArray = /\.npy$/iu;
  const labels = files.find(({ name }) => isText.test(name));
  if (labels) takeLabels(ref, labels);
  const arrays = files.filter(({ name }) => isArray.test(name));
  if (arrays.length > 0) changeDraft(ref, ({ inputs }) => ({ inputs: merged(inputs, arrays) }));
  const photos = files.filter(({ name }) => !isText.test(name) && !isArray.test(name));
  if (photos.length > 0) addPhotos(ref, photos);
}

/** What is missing is marked from now on. */
export const markAsked = (ref: string): void => changeDraft(ref, () => ({ isAsked: true }));

/** Builds and installs; a fault leaves the form as it is. */
export async function makePack({ ref, form, photos, keepsPhotos, inputs }: MakeDraft): Promise<void> {
  const request = crypto.randomUUID();
  changeDraft(ref, () => ({ isAsked: true, step: { kind: 'building', request } }));
  const golden = [...(keepsPhotos ? photos : []), ...inputs].slice(0, mostGolden).map((one) => one.ref);
  const outcome = await ask('pack.build', { ref, form, golden, request });
  if (!outcome.ok) {
    const { fault } = outcome;
    changeDraft(ref, () => ({
      step: fault.code === 'cancelled' ? { kind: 'open' } : { kind: 'failed', fault },
    }));
    return;
  }
  putTimeline(outcome.value);
  const now = modelsPage.get();
  makeDrafts.set((all) => all.filter((one) => one.ref !== ref));
  await Promise.all(
    ['lifecycle', 'models', 'samples'].map((one) => client.invalidateQueries({ queryKey: [one] })),
  );
  // Whoever went elsewhere meanwhile is left there.
  if (now.kind !== 'make' || now.ref !== ref) return;
  shownModel.set(outcome.value.model);
  showModels();
}

export async function stopMaking({ step }: MakeDraft): Promise<void> {
  if (step.kind === 'building') await perform('pack.stop', { request: step.request });
}

export function discardDraft(ref: string): void {
  const now = modelsPage.get();
  if (now.kind === 'make' && now.ref === ref) showModels();
  makeDrafts.set((all) => all.filter((one) => one.ref !== ref));
}
