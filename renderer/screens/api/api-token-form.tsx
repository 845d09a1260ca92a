import { useId, useState } from 'react';
import { Checkbox, Radio } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { createToken } from '../../actions/access.ts';
import { Button } from '../../parts/button.tsx';
import { useApiModels } from '../../state/access.ts';
import type { TokenDialog } from '../../state/access.ts';
import { useModelInUse } from '../../state/queries.ts';

const longestName = 60;

type ApiTokenFormProps = {
  readonly prefilled: Extract<TokenDialog, { kind: 'form' }>;
  readonly onClose: () => void;
};

/** Name, models and control of a token that is to be made. */
export function ApiTokenForm({ prefilled, onClose }: ApiTokenFormProps) {
  const { t } = useTranslation();
  const id = useId();
  const models = useApiModels().data ?? [];
  const inUse = useModelInUse()?.id;
  const [name, setName] = useState(prefilled.name ?? '');
  const [isAll, setIsAll] = useState(false);
  // Default selection: the requested models, else the model in use.
  const [ticked, setTicked] = useState<readonly string[] | null>(prefilled.models ?? null);
  const [isControl, setIsControl] = useState(false);
  const [isAsking, setIsAsking] = useState(false);
  // With one model there is nothing to choose.
  const only =
    models.length === 1 && models[0]
      ? [models[0].id]
      : models.map((model) => model.id).filter((one) => (ticked ?? [inUse]).includes(one));
  const missing =
    name.trim() === '' ? 'api.nameMissing' : !isAll && only.length === 0 ? 'api.modelMissing' : null;
  const isReady = missing === null && !isAsking;
  const make = (): void => {
    if (!isReady) return;
    setIsAsking(true);
    void createToken({ name: name.trim(), models: isAll ? null : [...only], isControl });
  };
  return (
    <form
      className="api-token-form"
      onSubmit={(event) => {
        event.preventDefault();
        make();
      }}
    >
      <label className="api-token-form-label" htmlFor={`${id}-name`}>
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
          className="api-token-form-models"
          aria-label={t('api.theseModels')}
          value={[...only]}
          onChange={setTicked}
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
        <span id={`${id}-missing`} className="muted api-missing" role="status">
          {missing === null ? null : t(missing)}
        </span>
        <Button onClick={onClose}>{t('common.cancel')}</Button>
        <Button tone="primary" type="submit" disabled={!isReady} aria-describedby={`${id}-missing`}>
          {t('api.make')}
        </Button>
      </div>
    </form>
  );
}
