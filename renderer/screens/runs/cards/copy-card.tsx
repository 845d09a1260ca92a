import { IconDeviceSdCard, IconPlayerPlay, IconPlayerStop, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { isCopyLive } from '../../../../contract/runs/camera-card.ts';
import type { CardCopy, CopyProgress } from '../../../../contract/runs/camera-card.ts';
import { copyText } from '../../../actions/ask-main.ts';
import { forgetCopy, goOnWithCopy, stopCopy } from '../../../actions/cards.ts';
import { Button } from '../../../parts/button.tsx';
import { FaultCard } from '../../../parts/fault-card.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';
import { RunStrip } from '../../../parts/run-strip.tsx';
import { CopyReceipt } from './copy-receipt.tsx';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;

/** The copy of a card: how far it is, and at the end its receipt. */
export function CopyCard({ copy }: { readonly copy: CardCopy }) {
  const { t } = useTranslation();
  const title = copy.site ?? copy.card;
  return (
    <article className="run-card" aria-label={t('cards.copyOf', { card: copy.card })}>
      <div className="row copy-head">
        {isCopyLive(copy) && copy.kind !== 'away' ? (
          <span className="now-dot" role="img" aria-label={t('cards.kind.copying')} />
        ) : (
          <IconDeviceSdCard {...at18} />
        )}
        <span className="copy-title">
          <h2 className="heading cut" title={title}>
            {title}
          </h2>
          <span className="muted cut" title={copy.card}>
            {t('cards.card', { card: copy.card })}
          </span>
        </span>
        <span className="row end copy-acts">
          <CopyActs copy={copy} />
        </span>
      </div>
      <CopyBody copy={copy} />
    </article>
  );
}

function CopyActs({ copy }: { readonly copy: CardCopy }) {
  const { t } = useTranslation();
  if (isCopyLive(copy))
    return (
      <Button
        data-focus-at="copy-acts"
        data-focus-to="copy-acts"
        icon={<IconPlayerStop {...at18} />}
        onClick={() => void stopCopy(copy.id)}
      >
        {t('run.stop')}
      </Button>
    );
  return (
    <>
      {copy.kind === 'copied' ? null : (
        <Button
          data-focus-at="copy-acts"
          data-focus-to="copy-acts"
          icon={<IconPlayerPlay {...at18} />}
          onClick={() => void goOnWithCopy(copy.id)}
        >
          {t('run.goOn')}
        </Button>
      )}
      <Button
        tone="quiet"
        title={t('cards.forget')}
        aria-label={t('cards.forgetOne', { card: copy.card })}
        icon={<IconX {...at18} />}
        onClick={() => void forgetCopy(copy.id)}
      />
    </>
  );
}

function CopyBody({ copy }: { readonly copy: CardCopy }) {
  const { t } = useTranslation();
  switch (copy.kind) {
    case 'looking':
      return (
        <p className="muted copy-line" role="status">
          {t('cards.kind.looking')}
        </p>
      );
    case 'copying':
      return <Progress progress={copy.progress} isLive />;
    case 'away':
      return (
        <>
          <Progress progress={copy.progress} isLive={false} />
          <p className="tone-warn" role="status">
            {t('cards.away')}
          </p>
        </>
      );
    case 'stopped':
      return (
        <>
          {copy.progress ? <Progress progress={copy.progress} isLive={false} /> : null}
          <p className="muted copy-line" role="status">
            {t('cards.stopped')}
          </p>
        </>
      );
    case 'failed':
      return (
        <FaultCard title={t('cards.failed')} fault={copy.fault} onCopy={(text) => void copyText(text)} />
      );
    case 'copied':
      return <CopyReceipt copy={copy} />;
  }
}

function Progress({ progress, isLive }: { readonly progress: CopyProgress; readonly isLive: boolean }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { files, done, bytes, doneBytes, bytesPerS, leftMs, flawed } = progress;
  return (
    <>
      <div className="run-card-facts">
        <span>
          <span className="title number">{numbers.count(done)}</span>{' '}
          <span className="muted">{t('cards.ofFiles', { count: files, n: numbers.count(files) })}</span>
        </span>
        <span className="number">
          {t('cards.ofBytes', { done: numbers.bytes(doneBytes), all: numbers.bytes(bytes) })}
        </span>
        {isLive && bytesPerS > 0 ? (
          <span className="number muted">{t('cards.rate', { bytes: numbers.bytes(bytesPerS) })}</span>
        ) : null}
        {isLive && leftMs !== null ? (
          <span>{t('runs.left', { time: t('run.about', { time: numbers.left(leftMs) }) })}</span>
        ) : null}
        {flawed > 0 ? (
          <span className="tone-warn end">
            {t('cards.flawed', { count: flawed, n: numbers.count(flawed) })}
          </span>
        ) : null}
      </div>
      <RunStrip done={done} total={files} isLive={isLive} faults={[]} />
    </>
  );
}
