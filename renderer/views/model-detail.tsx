import Markdown from 'react-markdown';
import { IconPhotoScan } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../contract/model.ts';
import type { TensorSpec } from '../../contract/tensor.ts';
import { answerWith, copyText } from '../actions/ask-main.ts';
import { goTo } from '../actions/move.ts';
import { Button } from '../parts/button.tsx';
import { FaultCard } from '../parts/fault-card.tsx';
import { Bytes, useNumbers } from '../parts/numbers.tsx';
import { faultOf } from '../state/client.ts';
import { canAnswer, useModelDetail } from '../state/queries.ts';
import { Golden } from './golden.tsx';
import { ModelFiles } from './model-files.tsx';

export type ModelDetailPaneProps = { readonly summary: ModelSummary; readonly isInUse: boolean };

export function ModelDetailPane({ summary, isInUse }: ModelDetailPaneProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const asked = useModelDetail(summary.ref);
  const fault = summary.fault ?? faultOf(asked.error);
  const detail = asked.data;
  const canUse = summary.task === 'image-classification' && canAnswer(summary);
  const use = async (): Promise<void> => {
    await answerWith(summary.ref);
    goTo('try');
  };
  const facts = [
    summary.labels > 0
      ? t('models.labels', { count: summary.labels, n: numbers.count(summary.labels) })
      : null,
    summary.licence,
    numbers.bytes(summary.size),
    t(`models.trust.${summary.trust}`),
  ];
  return (
    <section className="model-detail" aria-label={summary.title} tabIndex={-1}>
      <header className="row">
        <h2 className="title">{summary.title}</h2>
        <span className="reading muted">{summary.version}</span>
        {canUse ? (
          <Button
            className="end"
            tone={isInUse ? undefined : 'primary'}
            icon={<IconPhotoScan size={18} stroke={1.5} aria-hidden="true" />}
            onClick={() => void use()}
          >
            {t(isInUse ? 'models.tryIt' : 'models.use')}
          </Button>
        ) : null}
      </header>
      <p>{summary.summary}</p>
      <p className="muted">{facts.filter(Boolean).join('  ·  ')}</p>
      <p className="mono muted cut" title={summary.digest}>
        {summary.digest}
      </p>
      {fault ? (
        <div className="model-fault">
          <FaultCard
            title={t('models.cannotAnswer', { title: summary.title })}
            fault={fault}
            onCopy={() => void copyText(`${fault.code}\n${fault.message}\n${fault.hint}`, t('common.copied'))}
          />
        </div>
      ) : null}
      <Variants summary={summary} />
      {detail ? (
        <>
          <div className="model-columns">
            <Golden model={summary.ref} result={detail.golden} />
            <ModelFiles model={summary.ref} files={detail.files} />
          </div>
          <div className="model-columns card-columns">
            <div className="card-text">
              <Markdown skipHtml disallowedElements={['img', 'a']} unwrapDisallowed>
                {detail.card}
              </Markdown>
            </div>
            <Tensors inputs={detail.inputs} outputs={detail.outputs} />
          </div>
        </>
      ) : null}
    </section>
  );
}

function Variants({ summary }: { readonly summary: ModelSummary }) {
  const { t } = useTranslation();
  return (
    <section className="variants">
      <h3 className="heading">{t('models.variants')}</h3>
      <ul>
        {summary.variants.map((variant) => (
          <li key={variant.name}>
            <strong>{variant.name}</strong>
            <Bytes value={variant.size} />
            <span className="grow">{variant.note ?? t('models.fullPrecision')}</span>
            <span className="muted variant-places">
              {variant.providers.map((one) => t(`provider.${one}`)).join(', ')}
            </span>
          </li>
        ))}
      </ul>
    </section>
  );
}

type TensorsProps = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

function Tensors({ inputs, outputs }: TensorsProps) {
  const { t } = useTranslation();
  const line = (spec: TensorSpec) => (
    <li key={spec.name}>
      <span className="mono">{spec.name}</span>
      <span className="mono muted">{`${spec.type}, ${spec.shape.join(' × ')}`}</span>
    </li>
  );
  return (
    <section className="ruled">
      <h3 className="heading">{t('models.inputs')}</h3>
      <ul>{inputs.map(line)}</ul>
      <h3 className="heading">{t('models.outputs')}</h3>
      <ul>{outputs.map(line)}</ul>
    </section>
  );
}
