import { IconAlertTriangle, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../contract/model.ts';
import { Bytes, useNumbers } from '../parts/numbers.tsx';
import { useCell } from '../state/cell.ts';
import { shownModel } from '../state/place.ts';
import { useModelInUse, useModels } from '../state/queries.ts';
import { ModelDetailPane } from './model-detail.tsx';

export function ModelsView() {
  const { t } = useTranslation();
  const models = useModels().data;
  const inUse = useModelInUse();
  const chosen = useCell(shownModel);
  const shown = models?.find((model) => model.ref === chosen) ?? inUse ?? models?.[0] ?? null;
  return (
    <div className="models">
      <nav className="model-cards" aria-label={t('models.list')}>
        <ul>
          {(models ?? []).map((model) => (
            <li key={model.ref}>
              <ModelCard
                model={model}
                isShown={model.ref === shown?.ref}
                isInUse={model.ref === inUse?.ref}
              />
            </li>
          ))}
        </ul>
        {models?.length === 0 ? <p className="muted section">{t('models.none')}</p> : null}
      </nav>
      {shown ? (
        <ModelDetailPane key={shown.ref} summary={shown} isInUse={shown.ref === inUse?.ref} />
      ) : (
        <div />
      )}
    </div>
  );
}

type ModelCardProps = { readonly model: ModelSummary; readonly isShown: boolean; readonly isInUse: boolean };

function ModelCard({ model, isShown, isInUse }: ModelCardProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isHeld = model.state === 'quarantined' || model.state === 'refused';
  return (
    <button
      type="button"
      className="model-card"
      aria-current={isShown ? 'true' : undefined}
      onClick={() => shownModel.set(model.ref)}
    >
      <span className="row">
        <strong className="cut">{model.title}</strong>
        <span className="end">{model.version}</span>
      </span>
      <span className="model-summary muted">{model.summary}</span>
      <span className="row small">
        <span className="muted">
          {model.labels > 0
            ? `${t('models.labels', { count: model.labels, n: numbers.count(model.labels) })} · `
            : ''}
          <Bytes value={model.size} />
        </span>
        {isHeld ? (
          <span className="state-word tone-danger end">
            <IconAlertTriangle size={16} stroke={1.5} aria-hidden="true" />
            {t(`models.state.${model.state}`)}
          </span>
        ) : isInUse ? (
          <span className="state-word tone-ok end">
            <IconCircleCheck size={16} stroke={1.5} aria-hidden="true" />
            {t('models.inUse')}
          </span>
        ) : model.trust === 'local' ? (
          <span className="state-word tone-warn end">
            <IconAlertTriangle size={16} stroke={1.5} aria-hidden="true" />
            {t('models.trust.local')}
          </span>
        ) : null}
      </span>
    </button>
  );
}
