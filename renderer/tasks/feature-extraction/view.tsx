import { useTranslation } from 'react-i18next';
import type { ExtractionResult } from '../../../contract/tasks/feature-extraction.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { Seen } from '../../parts/seen.tsx';
import type { TaskView } from '../view.ts';

/** How long the vector is, and what it is good for. */
function Vector({ result: { embedding } }: { readonly result: ExtractionResult }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const count = embedding?.values.length ?? 0;
  return (
    <>
      <h2 className="heading">{t('vector.title', { count, n: numbers.count(count) })}</h2>
      <p className="muted">{t('vector.words')}</p>
    </>
  );
}

/** A vector names nothing: what it is good for stands below it, as photos that are like this one. */
export const extractionView: TaskView<ExtractionResult> = {
  listed: () => ({ entries: [], labelCount: 0 }),
  word: () => null,
  heading: () => null,
  packThreshold: () => null,
  Wordless: Vector,
  Overlay: Seen,
  overlayKey: 'photo.square',
};
