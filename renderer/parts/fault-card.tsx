import { useState } from 'react';
import type { ReactNode } from 'react';
import { IconChevronDown, IconChevronRight, IconCopy, IconFileAlert } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../../contract/faults/faults.ts';
import { Button } from './button.tsx';
import { useFaultText } from './fault-text.ts';

type FaultCardProps = {
  readonly title: string;
  readonly fault: Fault;
  readonly preserved?: string;
  readonly actions?: ReactNode;
  /** Between the words and the actions: how far a remedy is. */
  readonly under?: ReactNode;
  /** Collapsed to one line until it is opened, where space is short. */
  readonly isFolded?: boolean;
  /** Receives the card's whole content as plain text. */
  readonly onCopy: (text: string) => void;
};

/** What happened, to which file, what was kept, what to do; the code in small print, details collapsed. */
export function FaultCard({
  title,
  fault,
  preserved,
  actions,
  under,
  isFolded = false,
  onCopy,
}: FaultCardProps) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const message = faultText.message(fault);
  const hint = faultText.hint(fault);
  const detail = faultText.detail(fault);
  const [open, setOpen] = useState(false);
  const why = `${withoutTitle(message, title)} ${preserved ?? ''} ${hint}`;
  const details = (
    <Button
      tone="quiet"
      size="small"
      aria-expanded={open}
      onClick={() => setOpen(!open)}
      icon={open ? <IconChevronDown size={16} stroke={1.5} /> : <IconChevronRight size={16} stroke={1.5} />}
    >
      {t('common.details')}
    </Button>
  );
  if (isFolded && !open)
    return (
      <section className="fault-card folded" role="alert" aria-label={title}>
        <IconFileAlert size={18} stroke={1.5} aria-hidden="true" />
        <strong className="cut" title={`${title}. ${why}`}>
          {title}
        </strong>
        <span className="end">{details}</span>
      </section>
    );
  return (
    <section className="fault-card" role="alert" aria-label={title}>
      <IconFileAlert size={18} stroke={1.5} aria-hidden="true" />
      <div className="grow">
        <div className="row">
          <strong className="cut" title={title}>
            {title}
          </strong>
          <span className="mono muted end fault-code">{fault.code}</span>
        </div>
        <p className="fault-words">{why}</p>
        {detail === null ? null : (
          <p className="fault-detail small muted mono" lang="en">
            {detail}
          </p>
        )}
        {under}
        <div className="row fault-actions">
          {actions}
          {details}
          <Button
            tone="quiet"
            size="small"
            className="end"
            onClick={() =>
              onCopy([fault.code, message, hint, ...(detail === null ? [] : [detail])].join('\n'))
            }
            icon={<IconCopy size={16} stroke={1.5} />}
          >
            {t('common.copy')}
          </Button>
        </div>
        {open ? (
          <pre className="fault-details mono">
            {JSON.stringify({ code: fault.code, ...fault.params }, null, 2)}
          </pre>
        ) : null}
      </div>
    </section>
  );
}

/** Removes the title where the message repeats it. */
function withoutTitle(message: string, title: string): string {
  if (!message.startsWith(`${title}: `)) return message;
  const rest = message.slice(title.length + 2);
  return rest.charAt(0).toLocaleUpperCase() + rest.slice(1);
}
