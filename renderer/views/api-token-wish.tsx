import { useId, useState } from 'react';
import { Checkbox, Radio } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { createToken } from '../actions/access.ts';
import { Button } from '../parts/button.tsx';
import { useApiModels } from '../state/access.ts';

const longestName = 60;

/** Name, models and control of a token that is to be made. */
export function ApiTokenWish({ onClose }: { readonly onClose: () => void }) {
  const { t } = useTranslation();
  const id = useId();
  const models = useApiModels().data ?? [];
  const [name, setName] = useState('');
  const [isAll, setIsAll] = useState(false);
  const [chosen, setChosen] = useState<readonly string[]>([]);
  const [isControl, setIsControl] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  // With one model there is nothing to choose.
  const only = models.length === 1 && models[0] ? [models[0].id] : chosen;
  const isReady = name.trim() !== '' && (isAll || only.length > 0) && !isAsking;
  const make = (): void => {
    if (!isReady) return;
    setIsAsking(true);
    void createToken({ name: name.trim(), models: isAll ? null : [...only], isControl });
  };
  return (
    <form
      className="api-wish"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <label className="api-wish-label" htmlFor={`${id}-name`}>
        {t('api.name')}
      </label>
      <span className="field">
        <input
          id={`${id}-name`}
          data-autofocus
          value={name}
          maxLength={longestName}
          placeholder={t('api.namePlaceholder')}
          autoComplete="off"
          spellCheck={false}
          onChange={(event) => setName(event.target.value)}
        />
      </span>
      <Radio.Group
        label={t('api.mayAsk')}
        value={isAll ? 'all' : 'some'}
        onChange={(value) => setIsAll(value === 'all')}
      >
        <Radio value="some" label={t('api.theseModels')} />
        <Checkbox.Group
          className="api-wish-models"
          aria-label={t('api.theseModels')}
          value={[...only]}
          onChange={setChosen}
        >
          {models.map((model) => (
            <Checkbox
              key={model.id}
              value={model.id}
              disabled={isAll || models.length === 1}
              label={model.title}
            />
          ))}
        </Checkbox.Group>
        <Radio value="all" label={t('api.allModels')} />
      </Radio.Group>
      <Checkbox
        checked={isControl}
        onChange={(event) => setIsControl(event.currentTarget.checked)}
        label={t('api.control')}
        description={t('api.controlHint')}
      />
      <div className="modal-actions">
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button tone="primary" type="submit" disabled={!isReady}>
          {t('api.make')}
        </Button>
      </div>
    </form>
  );
}
