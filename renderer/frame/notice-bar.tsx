import { IconAlertTriangle, IconArrowBackUp, IconInfoCircle, IconX } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { undo } from '../actions/inform.ts';
import { goTo } from '../actions/move.ts';
import { Button } from '../parts/button.tsx';
import { useFaultText } from '../parts/fault-text.ts';
import { useCell } from '../state/cell.ts';
import { message, notice } from '../state/notices.ts';
import type { Message } from '../state/notices.ts';
import { useLasting } from '../hooks/use-lasting.ts';
import { useStatus, useStore } from '../state/queries.ts';
import { usePageText } from '../state/use-page-text.ts';

/** From when on it is said why nothing is there yet. */
const slowOpeningMs = 3_000;

/** Notices shown in every place: the store, a model that cannot answer, a request that failed. */
export function NoticeBar() {
  const { t } = useTranslation();
  const fault = useCell(notice);
  const shown = useCell(message);
  const faultText = useFaultText();
  const { data: store, isPending } = useStore();
  const isOpening = useLasting(isPending, slowOpeningMs);
  const held = useStatus().data?.quarantined ?? [];
  if (fault)
    return (
      <div className="notice" role="alert">
        <IconAlertTriangle size={18} stroke={1.5} aria-hidden="true" />
        <span className="notice-fault">
          <span className="notice-what" title={faultText.line(fault)}>
            {faultText.line(fault)}
          </span>
          <span className="muted">{faultText.hint(fault)}</span>
        </span>
        <span className="mono muted end notice-code">{fault.code}</span>
        <Button
          tone="quiet"
          size="small"
          aria-label={t('common.close')}
          icon={<IconX size={16} stroke={1.5} />}
          onClick={() => notice.set(null)}
        />
      </div>
    );
  if (shown) return <MessageLine message={shown} />;
  const text = isOpening
    ? t('store.opening')
    : store && store.kind !== 'ready'
      ? t(`store.${store.kind}`, {
          reason: store.reason,
          moved: store.kind === 'replaced' ? store.movedTo : '',
        })
      : held[0]
        ? t('store.quarantined', { model: held[0].model, reason: faultText.line(held[0].fault) })
        : null;
  if (text === null) return null;
  return (
    <div className="notice" role="status">
      {isOpening ? (
        <IconInfoCircle size={18} stroke={1.5} aria-hidden="true" />
      ) : (
        <IconAlertTriangle size={18} stroke={1.5} aria-hidden="true" />
      )}
      <span className="cut" title={text}>
        {text}
      </span>
      {isOpening ? null : (
        <Button
          tone="quiet"
          size="small"
          className="end"
          onClick={() => goTo(store && store.kind !== 'ready' ? 'settings' : 'models')}
        >
          {t(store && store.kind !== 'ready' ? 'place.settings' : 'place.models')}
        </Button>
      )}
    </div>
  );
}

function MessageLine({ message: shown }: { readonly message: Message }) {
  const { t } = useTranslation();
  const text = usePageText()(shown);
  return (
    <div className="notice said" role="status">
      <IconInfoCircle size={18} stroke={1.5} aria-hidden="true" />
      <span className="cut" title={text}>
        {text}
      </span>
      {shown.undo ? (
        <Button
          size="small"
          icon={<IconArrowBackUp size={16} stroke={1.5} aria-hidden="true" />}
          onClick={undo}
        >
          {t('common.undo')}
        </Button>
      ) : null}
      <Button
        tone="quiet"
        size="small"
        className="end"
        aria-label={t('common.close')}
        icon={<IconX size={16} stroke={1.5} />}
        onClick={() => message.set(null)}
      />
    </div>
  );
}
