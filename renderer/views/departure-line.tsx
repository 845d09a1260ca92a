import { IconAlertTriangle, IconCircleCheck, IconEye, IconHelpCircle } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { DepartureRow } from '../../contract/departure.ts';
import { useNumbers } from '../parts/numbers.tsx';

const looks = {
  ok: { Icon: IconCircleCheck, tone: 'tone-ok' },
  look: { Icon: IconEye, tone: 'tone-warn' },
  stop: { Icon: IconAlertTriangle, tone: 'tone-danger' },
  unknown: { Icon: IconHelpCircle, tone: 'muted' },
} as const;

export function DepartureLine({ row }: { readonly row: DepartureRow }) {
  const { t, i18n } = useTranslation();
  const shown = useShown(row);
  const { Icon, tone } = looks[row.state];
  // What this page has no words for is said in main's.
  const own = (key: string, otherwise: string): string =>
    i18n.exists(key, shown) ? t(key, shown) : otherwise;
  const text = row.fault ? row.text : own(`depart.${row.check}.${row.word}`, row.text);
  const todo =
    row.fault || row.todo === '' ? row.todo : own(`depart.todo.${row.check}.${row.word}`, row.todo);
  return (
    <li className={`departure-line is-${row.state}`}>
      <span className={`state-word ${tone}`}>
        <Icon size={18} stroke={1.5} aria-hidden="true" />
        {t(`depart.state.${row.state}`)}
      </span>
      <strong>{t(`depart.check.${row.check}`)}</strong>
      <span className="departure-text">
        {text}
        {todo ? <span className="departure-todo">{todo}</span> : null}
      </span>
    </li>
  );
}

/** The params as this language writes them: bytes by their name, times by their look. */
function useShown({ params }: DepartureRow): Record<string, string | number> {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const entries = Object.entries(params).map(([name, value]) => {
    if (name === 'provider') return [name, t(`provider.${value}`, String(value))] as const;
    if (typeof value === 'string')
      return [name, /^\d{4}-\d\d-\d\dT/u.test(value) ? numbers.day(value) : value] as const;
    // How many photos fit is an estimate, and is told as one.
    if (name === 'photos') return [name, numbers.number(value, 2)] as const;
    return [name, name.endsWith('Bytes') ? numbers.bytes(value) : numbers.number(value, 12)] as const;
  });
  return { ...Object.fromEntries(entries), count: Number(params['days'] ?? params['models'] ?? 2) };
}
