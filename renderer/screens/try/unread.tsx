import { IconArrowRight, IconFileAlert, IconFolderOpen, IconRefresh, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { answerAgain } from '../../actions/answer-photos.ts';
import { copyText } from '../../actions/ask-main.ts';
import { revealFile } from '../../actions/file-menu.ts';
import { putAwayUnread, showPhoto } from '../../actions/move.ts';
import { useIsShort } from '../../hooks/use-width.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { useFileTitle } from '../../parts/file-title.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { unreadPutAway } from '../../state/try-page.ts';
import type { PhotosPage } from '../../state/try-page.ts';
import { missingPartOf, PartMissing } from './part-missing.tsx';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

/** Below the well: why the photo that is shown could not be read, or a line about others that could not. */
export function Unread({ now }: { readonly now: PhotosPage }) {
  const faulty = [...now.entries.keys()].filter((at) => now.entries[at]?.answer.kind === 'fault');
  if (faulty.length === 0) return null;
  return faulty.includes(now.current) ? (
    <div className="under-well">
      <CurrentUnread now={now} faulty={faulty} />
    </div>
  ) : (
    <OthersUnread now={now} faulty={faulty} />
  );
}

type UnreadProps = {
  readonly now: PhotosPage;
  /** Where in the strip they stand; at least one. */
  readonly faulty: readonly number[];
};

/** The next of them behind the photo that is shown, and around to the first. */
const nextOf = ({ now, faulty }: UnreadProps): number =>
  faulty.find((at) => at > now.current) ?? faulty[0] ?? now.current;

function CurrentUnread({ now, faulty }: UnreadProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const isShort = useIsShort();
  const titleOf = useFileTitle();
  const entry = now.entries[now.current];
  if (entry?.answer.kind !== 'fault') return null;
  const { file } = entry;
  const { fault } = entry.answer;
  const missing = missingPartOf(fault);
  if (missing) return <PartMissing fault={fault} missing={missing} />;
  const answered = now.entries.filter((one) => one.answer.kind === 'answered');
  const preserved =
    answered.length === 0
      ? ''
      : t('fault.kept', { count: answered.length, name: answered[0] ? titleOf(answered[0].file) : '' });
  return (
    <FaultCard
      title={t('fault.notRead', { name: titleOf(file) })}
      fault={fault}
      preserved={preserved}
      isFolded={isShort}
      onCopy={(text) => void copyText(`${file.name}\n${text}\n${JSON.stringify(fault.params)}`)}
      actions={
        <>
          <Button
            tone="quiet"
            size="small"
            icon={<IconRefresh {...at16} />}
            onClick={() => void answerAgain(now.current)}
          >
            {t('fault.tryAgain')}
          </Button>
          <Button
            tone="quiet"
            size="small"
            icon={<IconFolderOpen {...at16} />}
            onClick={() => void revealFile(file.ref)}
          >
            {t('fault.showInFolder')}
          </Button>
          {faulty.length > 1 ? (
            <Button
              tone="quiet"
              size="small"
              icon={<IconArrowRight {...at16} />}
              onClick={() => showPhoto(nextOf({ now, faulty }))}
            >
              {t('fault.nextUnread', {
                n: numbers.count(faulty.indexOf(now.current) + 1),
                all: numbers.count(faulty.length),
              })}
            </Button>
          ) : null}
        </>
      }
    />
  );
}

/** A line beside a photo that was answered, until it is put away or another one fails. */
function OthersUnread({ now, faulty }: UnreadProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const titleOf = useFileTitle();
  const faultText = useFaultText();
  const away = useCell(unreadPutAway);
  if (away?.round === now.round && away.count >= faulty.length) return null;
  const next = now.entries[nextOf({ now, faulty })];
  const name = next ? titleOf(next.file) : '';
  const title =
    faulty.length === 1
      ? t('fault.notRead', { name })
      : t('fault.someNotRead', { n: numbers.count(faulty.length), all: numbers.count(now.entries.length) });
  const why = faulty.length === 1 && next?.answer.kind === 'fault' ? faultText.short(next.answer.fault) : '';
  return (
    <section className="unread-line" aria-label={title}>
      <IconFileAlert size={18} stroke={1.5} aria-hidden="true" />
      <strong className="cut" title={title}>
        {title}
      </strong>
      {why === '' ? null : (
        <span className="cut muted unread-why" title={why}>
          {why}
        </span>
      )}
      <span className="row end unread-acts">
        <Button tone="quiet" size="small" onClick={() => showPhoto(nextOf({ now, faulty }))}>
          {t(faulty.length === 1 ? 'fault.showUnread' : 'fault.showFirstUnread')}
        </Button>
        <Button
          tone="quiet"
          size="small"
          aria-label={t('fault.putAway')}
          title={t('fault.putAway')}
          icon={<IconX {...at16} />}
          onClick={() => putAwayUnread({ round: now.round, count: faulty.length })}
        />
      </span>
    </section>
  );
}
