import { useState } from 'react';
import type { ReactNode } from 'react';
import { IconChevronDown, IconChevronRight, IconCopy, IconFileAlert } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../../contract/faults.ts';
import { Button } from './button.tsx';
import { useFaultWords } from './fault-words.ts';

export type FaultCardProps = {
  readonly title: string;
  readonly fault: Fault;
  readonly kept?: string;
  readonly actions?: ReactNode;
  readonly onCopy: () => void;
};

/** What happened, to which file, what was kept, what to do; the code in small, details closed. */
export function FaultCard({ title, fault, kept, actions, onCopy }: FaultCardProps) {
  const { t } = useTranslation();
  const words = useFaultWords();
  const [open, setOpen] = useState(false);
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
        <p className="fault-words">
          {withoutTitle(words.message(fault), title)} {kept} {fault.hint}
        </p>
        <div className="row fault-actions">
          {actions}
          <Button
            tone="quiet"
            size="small"
            aria-expanded={open}
            onClick={() => setOpen(!open)}
            icon={
              open ? <IconChevronDown size={16} stroke={1.5} /> : <IconChevronRight size={16} stroke={1.5} />
            }
          >
            {t('common.details')}
          </Button>
          <Button
            tone="quiet"
            size="small"
            className="end"
            onClick={onCopy}
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

/** What the title has said already is not said again. */
function withoutTitle(message: string, title: string): string {
  if (!message.startsWith(`${title}: `)) return message;
  const rest = message.slice(title.length + 2);
  return rest.charAt(0).toLocaleUpperCase() + rest.slice(1);
}
