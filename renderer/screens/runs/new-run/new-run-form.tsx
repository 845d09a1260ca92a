import { Menu, Select, Switch } from '@mantine/core';
import { IconFolder } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { looksThoroughly, takesPictures } from '../../../../contract/tasks/index.ts';
import { chooseForRun, nameRun, planThorough, planWithModel } from '../../../actions/new-run.ts';
import { MiddleCut } from '../../../parts/middle-cut.tsx';
import { canAnswer, running } from '../../../state/model-in-use.ts';
import type { NewRun } from '../../../state/new-run.ts';
import { useModels } from '../../../state/queries.ts';

type NewRunFormProps = { readonly now: Exclude<NewRun, { readonly kind: 'empty' }> };

/** Inputs, title and model of the run; each change counts the files again. */
export function NewRunForm({ now }: NewRunFormProps) {
  const { t } = useTranslation();
  const models = (useModels().data ?? []).filter((model) => takesPictures(model.task) && canAnswer(model));
  const [id] = now.model.split('@', 1);
  const chosen =
    models.find(({ ref }) => ref === now.model) ?? running(models.filter((model) => model.id === id));
  return (
    <div className="new-run">
      <div className="new-run-inputs">
        <IconFolder size={18} stroke={1.5} aria-hidden="true" />
        <MiddleCut text={now.selection.title} />
        <Menu position="bottom-end">
          <Menu.Target>
            <button type="button" className="link end">
              {t('newRun.change')}
            </button>
          </Menu.Target>
          <Menu.Dropdown>
            <Menu.Item onClick={() => void chooseForRun('folder')}>{t('try.chooseFolder')}</Menu.Item>
            <Menu.Item onClick={() => void chooseForRun('photos')}>{t('try.choosePhotos')}</Menu.Item>
            <Menu.Item onClick={() => void chooseForRun('list')}>{t('newRun.chooseList')}</Menu.Item>
          </Menu.Dropdown>
        </Menu>
      </div>
      <label className="field">
        <span className="muted">{t('newRun.name')}</span>
        <input
          value={now.title}
          maxLength={200}
          spellCheck={false}
          onChange={(event) => nameRun(event.currentTarget.value)}
        />
      </label>
      <Select
        aria-label={t('newRun.model')}
        value={chosen?.ref ?? null}
        allowDeselect={false}
        data={models.map(({ ref, title, version }) => ({ value: ref, label: `${title} ${version}` }))}
        onChange={(ref) => {
          const model = models.find((one) => one.ref === ref);
          if (model) void planWithModel(model);
        }}
      />
      {chosen && looksThoroughly(chosen.task) ? (
        <label className="new-run-switch" title={t('thorough.hint')}>
          <span className="grow">
            {t('thorough.title')}
            <span className="small muted new-run-hint">{t('thorough.short')}</span>
          </span>
          <Switch
            aria-label={t('thorough.title')}
            checked={now.thorough}
            onChange={(event) => void planThorough(event.currentTarget.checked)}
          />
        </label>
      ) : null}
    </div>
  );
}
