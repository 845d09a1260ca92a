import type { ReactNode } from 'react';
import { Menu } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { takesPictures } from '../../../contract/tasks/index.ts';
import type { RunState } from '../../../contract/runs/run.ts';
import { runOnceMore } from '../../actions/runs.ts';
import { canAnswer } from '../../state/model-in-use.ts';
import { useModels } from '../../state/queries.ts';
import { useRunModel } from '../../state/run-queries.ts';

type AgainItemsProps = { readonly run: RunState; readonly icon: ReactNode };

/** Runs over the same inputs: as it was, or with any other version that can answer. */
export function AgainItems({ run, icon }: AgainItemsProps) {
  const { t } = useTranslation();
  const own = useRunModel(run);
  const others = (useModels().data ?? []).filter(
    (model) => takesPictures(model.task) && canAnswer(model) && model.ref !== own?.ref,
  );
  return (
    <>
      <Menu.Item leftSection={icon} disabled={own === null} onClick={() => void runOnceMore(run.id)}>
        {t('runs.again')}
      </Menu.Item>
      {others.length > 0 ? <Menu.Label>{t('runs.againWith')}</Menu.Label> : null}
      {others.map((model) => (
        <Menu.Item key={model.ref} onClick={() => void runOnceMore(run.id, model.ref)}>
          {model.title} <span className="muted">{model.version}</span>
        </Menu.Item>
      ))}
    </>
  );
}
