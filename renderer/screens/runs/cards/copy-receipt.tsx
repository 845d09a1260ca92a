import { useState } from 'react';
import {
  IconAlertTriangle,
  IconChevronDown,
  IconChevronRight,
  IconCircleCheck,
  IconFileText,
  IconFolderOpen,
  IconPlayerPlay,
} from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { CardCopy } from '../../../../contract/runs/camera-card.ts';
import { wasAllKnown } from '../../../../contract/runs/receipt.ts';
import type { Receipt } from '../../../../contract/runs/receipt.ts';
import { answerCopy, revealCopy } from '../../../actions/cards.ts';
import { showRunById } from '../../../actions/runs.ts';
import { Button } from '../../../parts/button.tsx';
import { MiddleCut } from '../../../parts/middle-cut.tsx';
import { useNumbers } from '../../../parts/numbers.tsx';

const at18 = { size: 18, stroke: 1.5, 'aria-hidden': true } as const;
/** Files listed on the screen; the receipt beside the copy lists more. */
const mostNamed = 20;

/** Whether the card may be formatted and why, what is wrong with which files, and the way on. */
export function CopyReceipt({ copy }: { readonly copy: Extract<CardCopy, { kind: 'copied' }> }) {
  const { t } = useTranslation();
  const { receipt, run } = copy;
  const reasons = useReasons(receipt);
  const { mayBeFormatted } = receipt;
  return (
    <>
      <p className={`row reading copy-verdict ${mayBeFormatted ? 'tone-ok' : 'tone-danger'}`} role="status">
        {mayBeFormatted ? <IconCircleCheck {...at18} /> : <IconAlertTriangle {...at18} />}
        <strong>{t(mayBeFormatted ? 'cards.mayFormat' : 'cards.doNotFormat')}</strong>
      </p>
      <ul className="copy-reasons">
        {reasons.map((one) => (
          <li key={one}>{one}</li>
        ))}
      </ul>
      <Named title="cards.missingFiles" list={receipt.missing} count={receipt.missingCount} />
      <Named title="cards.flawedFiles" list={receipt.flawed} count={receipt.flawedCount} />
      <div className="row copy-next">
        {run !== null ? (
          <Button data-focus-at="copy-acts" onClick={() => void showRunById(run)}>
            {t('cards.showRun')}
          </Button>
        ) : receipt.copied > 0 ? (
          <Button
            tone="primary"
            data-focus-at="copy-acts"
            icon={<IconPlayerPlay {...at18} />}
            onClick={() => void answerCopy(copy.id)}
          >
            {t('cards.answer')}
          </Button>
        ) : null}
        {receipt.copied > 0 || receipt.alreadyCopied.length > 0 ? (
          <Button icon={<IconFolderOpen {...at18} />} onClick={() => void revealCopy(copy.id, 'copy')}>
            {t('cards.showCopy')}
          </Button>
        ) : null}
        {/* Where nothing was copied, the receipt is that of an earlier copy: it does not say what is missing. */}
        {receipt.copied > 0 || receipt.missingCount === 0 ? (
          <Button icon={<IconFileText {...at18} />} onClick={() => void revealCopy(copy.id, 'receipt')}>
            {t('cards.showReceipt')}
          </Button>
        ) : null}
      </div>
    </>
  );
}

/** The sentences of the receipt in the words of the page. */
function useReasons({
  files,
  copied,
  copy,
  mayBeFormatted,
  missing,
  missingCount,
  flawedCount,
  alreadyCopied,
  passedOver,
}: Receipt): readonly string[] {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const reason = (key: string, count: number, more: Readonly<Record<string, string>> = {}): string =>
    t(`cards.reason.${key}`, { count, n: numbers.count(count), ...more });
  const last = (path: string): string => path.split(/[/\\]/u).at(-1) ?? path;
  return [
    ...(mayBeFormatted
      ? [reason(wasAllKnown({ copied, missing, alreadyCopied }) ? 'known' : 'whole', files)]
      : []),
    ...(missingCount > 0 ? [reason('missing', missingCount, { files: numbers.count(files) })] : []),
    ...(!mayBeFormatted && missingCount === 0 ? [t('cards.reason.written')] : []),
    ...(flawedCount > 0 ? [reason('flawed', flawedCount)] : []),
    ...(copied > 0 ? [reason('copied', copied, { folder: last(copy) })] : []),
    ...alreadyCopied.map((each) => reason('earlier', each.files, { folder: last(each.copy) })),
    ...(passedOver.link > 0 ? [reason('links', passedOver.link)] : []),
  ];
}

type NamedProps = {
  readonly title: 'cards.missingFiles' | 'cards.flawedFiles';
  readonly list: Receipt['missing'];
  readonly count: number;
};

/** Files with what is wrong with each, folded until somebody wants to know. */
function Named({ title, list, count }: NamedProps) {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const [isOpen, setIsOpen] = useState(false);
  if (count === 0) return null;
  const shown = list.slice(0, mostNamed);
  const why = (code: string): string => {
    const key = [`cards.flaw.${code}`, `reasons.system.${code}`].find((one) => i18n.exists(one));
    return key ? t(key) : code;
  };
  return (
    <div className="copy-named">
      <Button
        tone="quiet"
        size="small"
        aria-expanded={isOpen}
        icon={isOpen ? <IconChevronDown {...at18} size={16} /> : <IconChevronRight {...at18} size={16} />}
        onClick={() => setIsOpen(!isOpen)}
      >
        {t(title, { count, n: numbers.count(count) })}
      </Button>
      {isOpen ? (
        <ul>
          {shown.map(({ file, why: code }) => (
            <li key={file} className="row">
              <span className="mono copy-file">
                <MiddleCut text={file} tail={16} />
              </span>
              <span className="small muted end">{why(code)}</span>
            </li>
          ))}
          {count > shown.length ? (
            <li className="small muted">{t('cards.more', { n: numbers.count(count - shown.length) })}</li>
          ) : null}
        </ul>
      ) : null}
    </div>
  );
}
