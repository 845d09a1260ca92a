import { Switch } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import { looksThoroughly } from '../../../contract/tasks/index.ts';
import { lookThoroughly } from '../../actions/look-thoroughly.ts';
import { useCell } from '../../state/cell.ts';
import { useModelInUse } from '../../state/queries.ts';
import { thorough } from '../../state/try-page.ts';

/** The switch as a part of a pane with whatever stands under it; nothing at all where the model has no such look. */
export function ThoroughSection({ children }: { readonly children?: ReactNode }) {
  const inUse = useModelInUse();
  if (!inUse || !looksThoroughly(inUse.task)) return null;
  return (
    <section className="section pane-thorough">
      <Thorough />
      {children}
    </section>
  );
}

/** Looks at parts of large photos as well; photos on screen are answered again, a run takes it when it starts. */
export function Thorough() {
  const { t } = useTranslation();
  const isOn = useCell(thorough);
  const inUse = useModelInUse();
  if (!inUse || !looksThoroughly(inUse.task)) return null;
  return (
    <label className="thorough" title={t('thorough.hint')}>
      <span className="grow">
        {t('thorough.title')}
        <span className="small muted thorough-hint">{t('thorough.short')}</span>
      </span>
      <Switch
        aria-label={t('thorough.title')}
        checked={isOn}
        onChange={(event) => void lookThoroughly(event.currentTarget.checked)}
      />
    </label>
  );
}
