import { ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import type { PackForm } from '../../../contract/packs/pack-build.ts';
import type { PackDraft } from '../../composition/pack-making/index.ts';
import type { Files } from '../files.ts';

/** The form as the command line's options would be: nothing is an answer that is left empty, and files are paths. */
export function draftOf(files: Files, model: string, form: PackForm): Outcome<PackDraft> {
  const { answers, labels, steps, photo, scores, as, variants, embedding, cutTails, providers } = form;
  const { card, evaluation, 'licence-file': licenceFile } = form.files;
  const listed = labels?.kind === 'file' ? labels.ref : null;
  const refs = [model, listed, steps, card, evaluation, licenceFile, ...variants.map(({ ref }) => ref)];
  const paths = new Map<string, string>();
  for (const ref of refs) {
    const path = ref ? files.path(ref) : null;
    if (path && !path.ok) return path;
    if (ref && path) paths.set(ref, path.value);
  }
  const pathOf = (ref: string | null | undefined): string | undefined => (ref ? paths.get(ref) : undefined);
  const given = Object.entries(answers).filter(([, text]) => text !== undefined && text.trim() !== '');
  const source = form.source.trim();
  return ok({
    model: paths.get(model) ?? '',
    answers: {
      ...(Object.fromEntries(given) as PackDraft['answers']),
      ...(labels && { labels: pathOf(listed) ?? 'text' }),
      ...(steps !== null && { preprocess: pathOf(steps) }),
    },
    ...(labels?.kind === 'text' && { labelsText: labels.text }),
    ...(photo && { photo }),
    ...(scores && { scores }),
    as,
    variants: variants.map(({ name, ref }) => ({ name, file: paths.get(ref) ?? '' })),
    providers: [...new Set(['cpu' as const, ...providers])],
    ...(embedding !== null && { embedding }),
    cutTails,
    card: pathOf(card),
    evaluation: pathOf(evaluation),
    licenceFile: pathOf(licenceFile),
    ...(source !== '' && { source }),
  });
}
