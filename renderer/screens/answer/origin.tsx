import { useEffect, useRef } from 'react';
import { IconChevronDown, IconChevronRight, IconCopy } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { PredictionRecord } from '../../../contract/runs/prediction.ts';
import { copyText } from '../../actions/ask-main.ts';
import { revealFile } from '../../actions/file-menu.ts';
import { Button } from '../../parts/button.tsx';
import { Facts } from '../../parts/facts.tsx';
import type { Fact } from '../../parts/facts.tsx';
import { fileName } from '../../parts/file-name.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { useModels, usePlace } from '../../state/queries.ts';
import { originOpen } from '../../state/try-page.ts';

/** The drawer's handle: one line that says enough, and stays under the hand when the drawer opens and closes. */
export function OriginLine({ record }: { readonly record: PredictionRecord }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isOpen = useCell(originOpen);
  const Chevron = isOpen ? IconChevronDown : IconChevronRight;
  return (
    <button
      type="button"
      className="origin-line"
      aria-expanded={isOpen}
      onClick={() => originOpen.set(!isOpen)}
    >
      <span>{t('origin.title')}</span>
      <span className="small muted end">
        {record.cached
          ? t('origin.kept')
          : `${record.variant}, ${t(`provider.${record.provider}`)}, ${numbers.ms(record.durationMs)} ms`}
      </span>
      <Chevron size={18} stroke={1.5} aria-hidden="true" />
    </button>
  );
}

type OriginProps = {
  readonly photo: string;
  readonly record: PredictionRecord;
  /** Scrolls into view after it was opened below other content. */
  readonly comesUp?: boolean;
};

export function Origin({ photo, record, comesUp = false }: OriginProps) {
  const { t } = useTranslation();
  const facts = useFacts(record);
  const section = useRef<HTMLElement>(null);
  useEffect(() => {
    if (comesUp) section.current?.scrollIntoView({ block: 'nearest' });
  }, [comesUp]);
  return (
    <section ref={section} className="section origin" aria-label={t('origin.title')}>
      <div className="row">
        <h2 className="heading">{t('origin.title')}</h2>
        <Button
          size="small"
          className="end"
          icon={<IconCopy size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => void copyText(JSON.stringify(record, null, 2))}
        >
          {t('common.copy')}
        </Button>
      </div>
      <Facts facts={[{ name: t('origin.place'), value: <Place photo={photo} /> }, ...facts]} />
    </section>
  );
}

/** Where the file lies, and the way there. */
function Place({ photo }: { readonly photo: string }) {
  const { t } = useTranslation();
  const path = usePlace(photo).data?.path ?? '';
  return (
    <>
      <span className="origin-path" title={path}>
        {path}
      </span>
      <button type="button" className="link" onClick={() => void revealFile(photo)}>
        {t('fault.showInFolder')}
      </button>
    </>
  );
}

function useFacts(record: PredictionRecord): readonly Fact[] {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const title =
    useModels().data?.find((model) => model.ref === `${record.model}@${record.version}`)?.title ??
    record.model;
  const { width, height } = record.result;
  const shape = `${t('origin.workers', { count: record.shape.workers })} × ${t('origin.threads', { count: record.shape.threads })}`;
  return [
    {
      name: t('origin.photo'),
      value: `${fileName(record.input)}, ${width} × ${height}, ${numbers.bytes(record.sizeBytes)}`,
    },
    { name: t('origin.photoDigest'), value: shortDigest(record.digest), mono: true, title: record.digest },
    { name: t('origin.model'), value: `${title} ${record.version}` },
    {
      name: t('origin.modelDigest'),
      value: shortDigest(record.packDigest),
      mono: true,
      title: record.packDigest,
    },
    { name: t('origin.variant'), value: record.variant },
    { name: t('origin.ranOn'), value: `${t(`provider.${record.provider}`)}, ${shape}` },
    { name: t('origin.settings'), value: record.settings },
    {
      name: t('origin.took'),
      value: t('origin.times', {
        all: numbers.ms(record.durationMs),
        decode: numbers.ms(record.decodeMs),
        run: numbers.ms(record.runMs),
      }),
    },
    { name: t('origin.fromKept'), value: t(record.cached ? 'common.yes' : 'common.no') },
    { name: t('origin.answered'), value: numbers.day(record.at) },
    { name: 'Outpost', value: record.appVersion },
  ];
}

/** The first 24 digits, in two groups; copying takes all of them. */
function shortDigest(digest: string): string {
  const digits = digest.replace('sha256:', '');
  return `${digits.slice(0, 12)} ${digits.slice(12, 24)}…`;
}
