import { useTranslation } from 'react-i18next';
import type { DepartureReport, DepartureRow, DepartureTexts } from '../../../contract/lifecycle/departure.ts';
import { useFaultText } from '../../parts/fault-text.ts';
import { useNumbers } from '../../parts/numbers.tsx';

type RowTexts = DepartureTexts['rows'][number];

/** A row of the check in the language of the window, for the screen and for the printed report. */
export function useRowTexts(): (row: DepartureRow) => RowTexts {
  const { t, i18n } = useTranslation();
  const faultText = useFaultText();
  const shown = useShown();
  return (row) => {
    const params = shown(row);
    // A row without a translation shows main's own text.
    const own = (key: string, otherwise: string): string =>
      i18n.exists(key, params) ? t(key, params) : otherwise;
    return {
      isReady: row.state === 'ok',
      name: t(`depart.check.${row.check}`),
      text: row.fault ? faultText.line(row.fault) : own(`depart.${row.check}.${row.word}`, row.text),
      todo:
        row.todo === ''
          ? ''
          : row.fault?.hint === row.todo
            ? faultText.hint(row.fault)
            : own(`depart.todo.${row.check}.${row.word}`, row.todo),
      state: t(`depart.state.${row.state}`),
    };
  };
}

/** The whole check as it is printed. */
export function useReportTexts(): (report: DepartureReport) => DepartureTexts {
  const { t, i18n } = useTranslation();
  const numbers = useNumbers();
  const rowTexts = useRowTexts();
  return (report) => {
    const todo = report.rows.filter((row) => row.state === 'stop').length;
    return {
      language: i18n.language,
      title: t('depart.title'),
      headline: report.isReady
        ? t('depart.ready')
        : t('depart.todo', { count: todo, n: numbers.count(todo) }),
      checked: t('depart.checkedOn', {
        computer: report.computer,
        version: report.appVersion,
        at: numbers.day(report.at),
      }),
      checkedBy: t('depart.checkedBy'),
      rows: report.rows.map(rowTexts),
    };
  };
}

/** The params as this language writes them: bytes by their name, times by their look. */
function useShown(): (row: DepartureRow) => Record<string, string | number> {
  const { t } = useTranslation();
  const numbers = useNumbers();
  return ({ params }) => {
    const entries = Object.entries(params).map(([name, value]) => {
      if (name === 'provider') return [name, t(`provider.${value}`, String(value))] as const;
      if (typeof value === 'string')
        return [name, /^\d{4}-\d\d-\d\dT/u.test(value) ? numbers.day(value) : value] as const;
      // How many photos fit is an estimate, and is worded as one.
      if (name === 'photos') return [name, numbers.number(value, 2)] as const;
      if (name === 'percent') return [name, numbers.share(value / 100)] as const;
      return [name, name.endsWith('Bytes') ? numbers.bytes(value) : numbers.number(value, 12)] as const;
    });
    return { ...Object.fromEntries(entries), count: Number(params['days'] ?? params['models'] ?? 2) };
  };
}
