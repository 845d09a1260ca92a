import type { PackForm } from '../../contract/packs/pack-build.ts';
import { ask } from '../bridge.ts';
import { pendingImport } from '../state/pending-import.ts';
import { client } from '../state/client.ts';
import { changeDraft, changeForm, emptyForm, makeDrafts } from '../state/making.ts';
import type { MakeDraft } from '../state/making.ts';
import { modelsPage, shownModel } from '../state/navigation.ts';
import { putTimeline } from './lifecycle.ts';
import { mostGolden } from './make-files.ts';
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

/** Fields that may be prefilled with a guess; preprocessing never is, as a wrong guess would go unnoticed. */
const prefilled: ReadonlySet<string> = new Set(['id', 'version', 'title', 'summary']);

const emptyDraft: Omit<MakeDraft, 'ref' | 'name' | 'form'> = {
  names: {},
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

/** Shows validation errors from now on. */
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
  // Do not navigate if the user has left the form meanwhile.
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
