import Markdown from 'react-markdown';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { takesPictures } from '../../../contract/tasks/index.ts';
import type { ModelSummary } from '../../../contract/packs/model.ts';
import { answerWith, copyText, verifyModel } from '../../actions/ask-main.ts';
import { goTo } from '../../actions/move.ts';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { faultOf } from '../../state/client.ts';
import { canAnswer } from '../../state/model-in-use.ts';
import { useModelDetail } from '../../state/queries.ts';
import { useTimeline } from '../../state/lifecycle.ts';
import { Golden } from './golden.tsx';
import { LifecycleFaultCard } from './lifecycle-fault.tsx';
import { ModelActions } from './model-actions.tsx';
import { ModelFiles } from './model-files.tsx';
import { ModelLabels } from './model-labels.tsx';
import { Tensors, Variants } from './model-make.tsx';
import { ModelSees } from './model-sees.tsx';
import { TimelineList } from './versions/index.ts';

type ModelDetailPaneProps = { readonly summary: ModelSummary; readonly isInUse: boolean };

export function ModelDetailPane({ summary, isInUse }: ModelDetailPaneProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const asked = useModelDetail(summary.ref);
  const fault = summary.fault ?? faultOf(asked.error);
  const detail = asked.data;
  const timeline = useTimeline(summary.id);
  const verify = useMutation({ mutationFn: () => verifyModel(summary.ref) });
  const isBroken = verify.data?.passed === false;
  const canUse = takesPictures(summary.task) && canAnswer(summary);
  const start = async (): Promise<void> => {
    await answerWith(summary.id);
    goTo('try');
  };
  const facts = [
    summary.labels > 0
      ? t('models.labels', { count: summary.labels, n: numbers.count(summary.labels) })
      : null,
    summary.licence,
    ...summary.variants.map((variant) => `${variant.name} ${numbers.bytes(variant.size)}`),
    t(`models.trust.${summary.trust}`),
  ];
  return (
    <section className="model-detail" aria-label={summary.title} tabIndex={-1}>
      <header className="row model-head">
        <h2 className="title cut" title={summary.title}>
          {summary.title}
        </h2>
        <ModelActions
          summary={summary}
          use={canUse ? { isInUse, start: () => void start() } : null}
          verify={{
            isReading: verify.isPending,
            isBroken: isBroken || fault !== null,
            start: () => verify.mutate(),
          }}
        />
      </header>
      <p>{summary.summary}</p>
      <p className="muted">{facts.filter(Boolean).join('  ·  ')}</p>
      {fault ? (
        <div className="model-fault">
          <FaultCard
            title={t('models.cannotAnswer', { title: summary.title })}
            fault={fault}
            onCopy={(text) => void copyText(text)}
          />
        </div>
      ) : null}
      <LifecycleFaultCard model={summary.id} />
      {timeline ? <TimelineList timeline={timeline} /> : null}
      {detail ? (
        <>
          <div className="model-columns">
            <Golden model={summary.ref} hasSamples={detail.hasGolden} result={detail.golden} />
            <ModelFiles files={detail.files} report={verify.data ?? null} isReading={verify.isPending} />
          </div>
          {detail.preprocessing.length > 0 ? (
            <ModelSees key={summary.ref} model={summary.ref} steps={detail.preprocessing} />
          ) : null}
          <Variants summary={summary} />
          {detail.labelNames && detail.labelNames.length > 0 ? (
            <ModelLabels names={detail.labelNames} />
          ) : null}
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
