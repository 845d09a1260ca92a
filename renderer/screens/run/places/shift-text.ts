import { useTranslation } from 'react-i18next';

const units = [
  ['day', 86_400],
  ['hour', 3600],
  ['minute', 60],
  ['second', 1],
] as const;

/** By how much a clock is moved, as the present language writes it. */
export function useShiftText(): (seconds: number) => string | null {
  const { i18n } = useTranslation();
  return (seconds) => shiftTextIn(i18n.language, seconds);
}

/** As a language writes it: `+1 hr 20 min`; null for not at all. */
export function shiftTextIn(language: string, seconds: number): string | null {
  if (seconds === 0) return null;
  let left = Math.abs(seconds);
  const parts = units.flatMap(([unit, size]) => {
    const count = Math.floor(left / size);
    left -= count * size;
    return count > 0 ? [format(language, unit, count)] : [];
  });
  return `${seconds < 0 ? '−' : '+'}${parts.join(' ')}`;
}

const format = (language: string, unit: (typeof units)[number][0], count: number): string =>
  new Intl.NumberFormat(language, { style: 'unit', unit, unitDisplay: 'short' }).format(count);
