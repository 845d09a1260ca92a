import { IconChevronRight, IconClipboardCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { showDeparture, showModels } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { useCell } from '../../state/cell.ts';
import { useTimeline } from '../../state/lifecycle.ts';
import { makeDrafts } from '../../state/making.ts';
import { modelsPage } from '../../state/navigation.ts';

/** Where in the room a person is, and the check before leaving. */
export function ModelsHead() {
  const { t } = useTranslation();
  const page = useCell(modelsPage);
  const timeline = useTimeline(page.kind === 'trial' ? page.model : '');
  const draft = useCell(makeDrafts).find((one) => page.kind === 'make' && one.ref === page.ref);
  const steps =
    page.kind === 'trial'
      ? [timeline?.title ?? page.model, t('trial.place', { version: page.version })]
      : page.kind === 'changes'
        ? [page.title, t('trial.changedPlace', { from: page.from, to: page.to })]
        : page.kind === 'departure'
          ? [t('depart.title')]
          : page.kind === 'make'
            ? [t('make.place', { name: draft?.name ?? '' })]
            : [];
  const back = steps.length > 1 ? steps[0] : t('models.all');
  return (
    <>
      {steps.length > 0 ? (
        <nav className="crumbs muted" aria-label={t('head.places')}>
          <button type="button" className="crumb cut" title={back} onClick={showModels}>
            {back}
          </button>
          <IconChevronRight size={16} stroke={1.5} aria-hidden="true" />
          <span className="cut" title={steps.at(-1)} aria-current="page">
            {steps.at(-1)}
          </span>
        </nav>
      ) : null}
      {page.kind === 'departure' ? null : (
        <Button
          className="end"
          icon={<IconClipboardCheck size={18} stroke={1.5} aria-hidden="true" />}
          onClick={showDeparture}
        >
          {t('depart.title')}
        </Button>
      )}
    </>
  );
}
