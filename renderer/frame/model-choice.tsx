import { Menu } from '@mantine/core';
import { IconChevronDown, IconCheck, IconCube } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { takesPictures } from '../../contract/tasks/index.ts';
import { answerWith } from '../actions/ask-main.ts';
import { goTo } from '../actions/move.ts';
import { Button } from '../parts/button.tsx';
import { canAnswer, grouped } from '../state/model-in-use.ts';
import { useModelInUse, useModels } from '../state/queries.ts';

export function ModelChoice() {
  const { t } = useTranslation();
  const inUse = useModelInUse();
  const photos = (useModels().data ?? []).filter((model) => takesPictures(model.task));
  const models = grouped(photos).map((group) => group.shown);
  return (
    <Menu>
      <Menu.Target>
        <Button
          className="model-choice"
          aria-label={
            inUse ? t('head.modelInUse', { title: inUse.title, version: inUse.version }) : t('head.noModel')
          }
          icon={<IconCube size={18} stroke={1.5} aria-hidden="true" />}
        >
          <span className="cut">{inUse ? inUse.title : t('head.noModel')}</span>
          {inUse ? <span className="version">{inUse.version}</span> : null}
          <IconChevronDown size={16} stroke={1.5} aria-hidden="true" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {models.map((model) => (
          <Menu.Item
            key={model.ref}
            disabled={!canAnswer(model)}
            rightSection={
              model.id === inUse?.id ? <IconCheck size={16} stroke={1.5} aria-hidden="true" /> : null
            }
            onClick={() => void answerWith(model.id)}
          >
            {model.title} <span className="muted">{model.version}</span>
          </Menu.Item>
        ))}
        <Menu.Item onClick={() => goTo('models')}>{t('head.showModels')}</Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}
