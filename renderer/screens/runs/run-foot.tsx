import { useState } from 'react';
import { Menu } from '@mantine/core';
import { IconChevronDown, IconRepeat, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isRunWaiting } from '../../../contract/runs/run.ts';
import { removeRun } from '../../actions/runs.ts';
import { Button } from '../../parts/button.tsx';
import { isOver, useRun } from '../../state/run-queries.ts';
import { AgainItems } from './again-items.tsx';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

/** What can be done with an opened run that is over, beside going on with it and exporting it. */
export function RunFoot({ run: id }: { readonly run: string }) {
  const { t } = useTranslation();
  const [isAsking, setIsAsking] = useState(false);
  const run = useRun(id).data;
  if (!run || !isOver(run) || isRunWaiting(run)) return null;
  if (isAsking)
    return (
      <div className="pane-actions">
        <span className="grow">{t('runs.askRemove')}</span>
        <Button tone="danger" autoFocus onClick={() => void removeRun(run)}>
          {t('runs.remove')}
        </Button>
        <Button tone="quiet" onClick={() => setIsAsking(false)}>
          {t('runs.keep')}
        </Button>
      </div>
    );
  return (
    <div className="pane-actions">
      {run.isRepeatable ? (
        <Menu position="top-start">
          <Menu.Target>
            <Button data-focus-at="run-next" icon={<IconRepeat {...at18} />}>
              {t('runs.againMenu')}
              <IconChevronDown size={16} stroke={1.5} aria-hidden="true" />
            </Button>
          </Menu.Target>
          <Menu.Dropdown className="run-menu">
            <AgainItems run={run} icon={<IconRepeat size={16} stroke={1.5} aria-hidden="true" />} />
          </Menu.Dropdown>
        </Menu>
      ) : null}
      <Button tone="quiet" className="end" icon={<IconTrash {...at18} />} onClick={() => setIsAsking(true)}>
        {t('runs.removeDots')}
      </Button>
    </div>
  );
}
