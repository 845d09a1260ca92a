import { IconAlertTriangle, IconArrowUpRight, IconCircleCheck } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../contract/packs/model.ts';
import type { Timeline } from '../../../contract/lifecycle/timeline.ts';
import { Bytes, useNumbers } from '../../parts/numbers.tsx';
import { offered, onTrial } from '../../state/lifecycle.ts';
import { shownModel } from '../../state/navigation.ts';

type ModelTileProps = {
  /** The version that answers; null while none is here. */
  readonly model: ModelSummary | null;
  readonly timeline: Timeline | null;
  readonly isShown: boolean;
  readonly isInUse: boolean;
};
const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

export function ModelTile(props: ModelTileProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { model, timeline, isShown } = props;
  const id = model?.id ?? timeline?.model ?? '';
  const offer = offered(timeline)?.offer ?? null;
  const title = model?.title ?? timeline?.title ?? id;
  return (
    <button
      type="button"
      className="model-card"
      aria-current={isShown ? 'true' : undefined}
      onClick={() => shownModel.set(id)}
    >
      <span className="row">
        <strong className="cut" title={title}>
          {title}
        </strong>
        <span className="end muted">{model ? model.version : t('models.notHereShort')}</span>
      </span>
      <span className="model-summary muted">{model?.summary ?? offer?.summary}</span>
      <span className="row small">
        <span className="muted">
          {model && model.labels > 0
            ? `${t('models.labels', { count: model.labels, n: numbers.count(model.labels) })} · `
            : ''}
          <Bytes value={model?.size ?? offer?.size ?? 0} />
        </span>
        <span className="row end">
          <Mark {...props} />
          {props.isInUse ? <InUse /> : null}
        </span>
      </span>
    </button>
  );
}

/** The one thing that is worth knowing of a model at a glance. */
function Mark({ model, timeline }: ModelTileProps) {
  const { t } = useTranslation();
  const offer = offered(timeline);
  if (model?.state === 'quarantined' || model?.state === 'refused')
    return (
      <span className="state-word tone-danger">
        <IconAlertTriangle {...at16} />
        {t(`models.state.${model.state}`)}
      </span>
    );
  if (onTrial(timeline))
    return (
      <span className="state-word">
        <span className="now-dot" />
        {t('models.onTrial')}
      </span>
    );
  if (offer)
    return (
      <span
        className="state-word tone-accent strong-word"
        title={t('models.isOffered', { version: offer.version })}
      >
        <IconArrowUpRight {...at16} />
        {offer.version}
      </span>
    );
  if (model?.trust === 'local')
    return (
      <span className="state-word tone-warn">
        <IconAlertTriangle {...at16} />
        {t('models.trust.local')}
      </span>
    );
  return null;
}

function InUse() {
  const { t } = useTranslation();
  return (
    <span className="state-word tone-ok">
      <IconCircleCheck {...at16} />
      {t('models.inUse')}
    </span>
  );
}
