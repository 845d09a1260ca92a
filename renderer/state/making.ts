import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { SelectedFile } from '../../contract/calls/calls.ts';
import type { Fault } from '../../contract/faults/faults.ts';
import type { PackForm } from '../../contract/packs/pack-build.ts';
import type { PreprocessingStep } from '../../contract/packs/picture-steps.ts';
import { cell } from './cell.ts';
import { client, valueOf } from './client.ts';

/*
 * A form for a bare model file. It stays as it is while a person looks elsewhere, and when a build fails.
 *
 *   open ──make──> building ──> (gone: the model is installed)
 *     ^               │ └──fault──> failed ──make──> building
 *     └──────stop─────┘
 */
type MakeStep =
  | { readonly kind: 'open' }
  | { readonly kind: 'building'; readonly request: string }
  | { readonly kind: 'failed'; readonly fault: Fault };
export type GoldenFile = Pick<SelectedFile, 'ref' | 'name'>;
export type MakeDraft = {
  /** Of the model file. */
  readonly ref: string;
  readonly name: string;
  readonly form: PackForm;
  /** Names of the files that the form refers to, by reference. */
  readonly names: Readonly<Record<string, string>>;
  /** The user's photos: the preview shows one, and the pack may include all. */
  readonly photos: readonly GoldenFile[];
  readonly keepsPhotos: boolean;
  /** Inputs that are not photos. */
  readonly inputs: readonly GoldenFile[];
  /** The photo in the preview; null: the first. */
  readonly previewed: string | null;
  /** After the first attempt to build, missing fields are marked. */
  readonly isAsked: boolean;
  readonly step: MakeStep;
};
export const makeDrafts = cell<readonly MakeDraft[]>([]);

export const emptyForm: PackForm = {
  answers: {},
  labels: null,
  photo: null,
  steps: null,
  scores: null,
  embedding: null,
  cutTails: false,
  as: 'fp32',
  variants: [],
  providers: [],
  source: '',
  files: {},
};

export function changeDraft(ref: string, change: (before: MakeDraft) => Partial<MakeDraft>): void {
  makeDrafts.set((all) => all.map((one) => (one.ref === ref ? { ...one, ...change(one) } : one)));
}

export function changeForm(ref: string, change: (form: PackForm) => Partial<PackForm>): void {
  changeDraft(ref, ({ form }) => ({ form: { ...form, ...change(form) } }));
}

const lookQuery = (ref: string, form: PackForm) => ({
  queryKey: ['pack-look', ref, form],
  queryFn: () => valueOf('pack.look', { ref, form }),
  gcTime: 10_000,
  staleTime: 0,
});

/** The form as validated by main; the previous reply is kept until the next one arrives. */
export const usePackLook = (ref: string, form: PackForm) =>
  useQuery({ ...lookQuery(ref, form), placeholderData: keepPreviousData });

/** Whether the form is complete for a build; false when main does not answer. */
export async function isWholeForm({ ref, form }: MakeDraft): Promise<boolean> {
  const look = await client.fetchQuery(lookQuery(ref, form)).catch(() => null);
  return (
    look !== null && look.faults.length === 0 && look.questions.every(({ state }) => state === 'answered')
  );
}

export const usePrepared = (photo: string | null, steps: readonly PreprocessingStep[] | null) =>
  useQuery({
    queryKey: ['prepared', photo, steps],
    queryFn: () => valueOf('pack.prepare', { photo: photo ?? '', steps: [...(steps ?? [])] }),
    enabled: photo !== null && steps !== null,
    placeholderData: keepPreviousData,
    gcTime: 10_000,
  });
