import { useTranslation } from 'react-i18next';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';
import { LifecycleFaultCard } from './lifecycle-fault.tsx';
import { TimelineList } from './versions/index.ts';

/** A model that is offered, or was removed: nothing of it answers here. */
export function NewModel({ timeline }: { readonly timeline: Timeline }) {
  const { t } = useTranslation();
  return (
    <section className="model-detail" aria-label={timeline.title} tabIndex={-1}>
      <header className="row">
        <h2 className="title cut">{timeline.title}</h2>
      </header>
      <p className="muted">{t('models.notHere')}</p>
      <LifecycleFaultCard model={timeline.model} />
      <TimelineList timeline={timeline} />
    </section>
  );
}
