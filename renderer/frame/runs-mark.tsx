import { useTranslation } from 'react-i18next';
import { progressOf } from '../../contract/runs/camera-card.ts';
import { useNumbers } from '../parts/numbers.tsx';
import { useIdleCards, useLiveCopies } from '../state/cards.ts';
import { isOver, useRunInSight } from '../state/run-queries.ts';

/** A discreet mark on Runs: a run is under way, a card is copied, or one that was not copied yet is plugged in. */
export function RunsMark({ shown }: { readonly shown: string | null }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const state = useRunInSight(shown);
  const [copy] = useLiveCopies();
  const isCardNew = useIdleCards().some(({ content }) => content.kind === 'counted' && content.known === 0);
  if (state && !isOver(state)) {
    const { answered, faults, found, scanned } = state.counts;
    return (
      <span className="nav-mark" title={state.title}>
        <span className="now-dot" role="img" aria-label={t('run.underWay')} />
        {scanned && found > 0 ? (
          <span className="word number">{numbers.share((answered + faults) / found)}</span>
        ) : null}
      </span>
    );
  }
  if (copy) {
    const progress = progressOf(copy);
    return (
      <span className="nav-mark" title={t('cards.copyOf', { card: copy.card })}>
        <span className="now-dot" role="img" aria-label={t('cards.kind.copying')} />
        {progress && progress.bytes > 0 ? (
          <span className="word number">{numbers.share(progress.doneBytes / progress.bytes)}</span>
        ) : null}
      </span>
    );
  }
  if (!isCardNew) return null;
  return (
    <span className="nav-mark" title={t('cards.plugged')}>
      <span className="word">{t('cards.word')}</span>
      <span className="nav-dot" role="img" aria-label={t('cards.plugged')} />
    </span>
  );
}
