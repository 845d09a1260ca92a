import { IconAlertTriangle, IconCircleCheck, IconEye, IconHelpCircle } from '@tabler/icons-react';
import type { DepartureRow } from '../../../contract/lifecycle/departure.ts';
import { useRowTexts } from './departure-texts.ts';

const looks = {
  ok: { Icon: IconCircleCheck, tone: 'tone-ok' },
  look: { Icon: IconEye, tone: 'tone-warn' },
  stop: { Icon: IconAlertTriangle, tone: 'tone-danger' },
  unknown: { Icon: IconHelpCircle, tone: 'muted' },
} as const;

export function DepartureLine({ row }: { readonly row: DepartureRow }) {
  const { Icon, tone } = looks[row.state];
  const { name, state, text, todo } = useRowTexts()(row);
  return (
    <li className={`departure-line is-${row.state}`}>
      <span className={`state-word ${tone}`}>
        <Icon size={18} stroke={1.5} aria-hidden="true" />
        {state}
      </span>
      <strong>{name}</strong>
      <span className="departure-text">
        {text}
        {todo ? <span className="departure-todo">{todo}</span> : null}
      </span>
    </li>
  );
}
