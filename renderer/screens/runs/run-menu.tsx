import { Menu } from '@mantine/core';
import { IconDots, IconFileExport, IconRefresh, IconRepeat, IconTrash } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isRunResumable } from '../../../contract/runs/run.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { openExport } from '../../actions/export-run.ts';
import { retryRun } from '../../actions/runs.ts';
import { Button } from '../../parts/button.tsx';
import { AgainItems } from './again-items.tsx';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;
type RunMenuProps = { readonly run: RunState; readonly onRemove: () => void };

/** Everything else that can be done with a run that is over. */
export function RunMenu({ run, onRemove }: RunMenuProps) {
  const { t } = useTranslation();
  const { answered, faults } = run.counts;
  return (
    <Menu position="bottom-end">
      <Menu.Target>
        <Button
          size="small"
          tone="quiet"
          aria-label={t('runs.moreOf', { title: run.title })}
          title={t('runs.moreActs')}
          icon={<IconDots {...at16} />}
        />
      </Menu.Target>
      <Menu.Dropdown className="run-menu">
        {isRunResumable(run) && answered + faults > 0 ? (
          <Menu.Item leftSection={<IconFileExport {...at16} />} onClick={() => openExport(run.id)}>
            {t('exports.open')}
          </Menu.Item>
        ) : null}
        {faults > 0 && run.isRepeatable ? (
          <Menu.Item leftSection={<IconRefresh {...at16} />} onClick={() => void retryRun(run.id)}>
            {t('run.retry')}
          </Menu.Item>
        ) : null}
        {run.isRepeatable ? <AgainItems run={run} icon={<IconRepeat {...at16} />} /> : null}
        <Menu.Divider />
        <Menu.Item className="tone-danger" leftSection={<IconTrash {...at16} />} onClick={onRemove}>
          {t('runs.removeDots')}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
