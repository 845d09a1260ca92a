import { Switch } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { looksThoroughly } from '../../../contract/tasks/index.ts';
import { lookThoroughly } from '../../actions/look-thoroughly.ts';
import { useCell } from '../../state/cell.ts';
import { useModelInUse } from '../../state/queries.ts';
import { thorough } from '../../state/trial.ts';

/** Looks at parts of large photos as well; photos on screen are answered again, a run takes it when it starts. */
export function Thorough() {
  const { t } = useTranslation();
  const isOn = useCell(thorough);
  const inUse = useModelInUse();
  if (!inUse || !looksThoroughly(inUse.task)) return null;
  return (
    <div className="thorough">
      <Switch
        checked={isOn}
        label={t('thorough.title')}
        description={t('thorough.hint')}
        onChange={(event) => void lookThoroughly(event.currentTarget.checked)}
      />
    </div>
  );
}
