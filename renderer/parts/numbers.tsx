import { useTranslation } from 'react-i18next';
import { writtenPlace } from './written-place.ts';

/** Locale-aware numbers as plain text, for names, titles and sentences. */
export function useNumbers() {
  const { i18n, t } = useTranslation();
  const at = i18n.language;
  return {
    count: (value: number) => integer(at).format(value),
    percent: (value: number) => percentOf(at, 1).format(value),
    bytes: (value: number) => plain(bytesFormat(at, value)),
    day: (iso: string) =>
      new Intl.DateTimeFormat(at, { dateStyle: 'medium', timeStyle: 'medium' }).format(new Date(iso)),
    /** Of this year without the year, which says nothing in a list and cuts what does. */
    moment: (iso: string) => momentOf(at, new Date(iso)),
    date: (iso: string) => new Intl.DateTimeFormat(at, { dateStyle: 'medium' }).format(new Date(iso)),
    clock: (iso: string) => new Intl.DateTimeFormat(at, { timeStyle: 'short' }).format(new Date(iso)),
    /** A rate without its `/s`, with only as many digits as are meaningful and do not flicker. */
    perSecond: (value: number) =>
      rateOf(at, value >= 100 ? 0 : value >= 1 || value === 0 ? 1 : 2).format(value),
    share: (value: number) => percentOf(at, 0).format(value),
    ms: (value: number) =>
      new Intl.NumberFormat(at, { maximumFractionDigits: value < 100 ? 1 : 0 }).format(value),
    number: (value: number, digits = 4) =>
      new Intl.NumberFormat(at, { maximumSignificantDigits: digits }).format(value),
    place: (place: Parameters<typeof writtenPlace>[1]) => writtenPlace(at, place),
    left: (ms: number) =>
      ms < 60_000
        ? t('time.seconds', { n: roundSeconds(ms) })
        : ms < 5_400_000
          ? t('time.minutes', { n: Math.round(ms / 60_000) })
          : t('time.hours', { n: integer(at).format(Math.round(ms / 3_600_000)) }),
  };
}

const momentOf = (language: string, date: Date): string =>
  new Intl.DateTimeFormat(
    language,
    date.getFullYear() === new Date().getFullYear()
      ? { month: 'short', day: 'numeric', hour: 'numeric', minute: '2-digit' }
      : { dateStyle: 'medium', timeStyle: 'short' },
  ).format(date);

const roundSeconds = (ms: number): number => {
  const seconds = Math.max(1, Math.ceil(ms / 1000));
  return seconds > 20 ? Math.round(seconds / 10) * 10 : seconds;
};

/** A fraction as a percentage; the percent sign is muted and placed as in the locale. */
export function Percent({ value, digits = 1 }: { readonly value: number; readonly digits?: number }) {
  return <Parts of={percentOf(useTranslation().i18n.language, digits).formatToParts(value)} />;
}

export function Bytes({ value }: { readonly value: number }) {
  return <Parts of={bytesFormat(useTranslation().i18n.language, value)} />;
}

export function Count({ value }: { readonly value: number }) {
  return <span className="number">{integer(useTranslation().i18n.language).format(value)}</span>;
}

/** A rate per second. */
export function Rate({ value }: { readonly value: number }) {
  return (
    <span className="number">
      {useNumbers().perSecond(value)}
      <span className="unit-part">/s</span>
    </span>
  );
}

type Part = Intl.NumberFormatPart;
const unitTypes = new Set(['percentSign', 'unit']);

/** Keeps the locale's exact characters; the unit differs in colour only, so that copied text is the same. */
function Parts({ of }: { readonly of: readonly Part[] }) {
  return (
    <span className="number">
      {of.map(({ type, value }, at) =>
        unitTypes.has(type) ? (
          <span key={at} className="unit-part">
            {value}
          </span>
        ) : (
          value.replace(/\s/gu, '\u00A0')
        ),
      )}
    </span>
  );
}

/** A number and its unit stay on one line. */
const plain = (parts: readonly Part[]): string =>
  parts.map((part) => part.value.replace(/\s/u, '\u00A0')).join('');

const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'] as const;
function bytesFormat(language: string, value: number): readonly Part[] {
  const step = value < 1000 ? 0 : Math.min(4, Math.floor(Math.log10(value) / 3));
  const scaled = value / 1000 ** step;
  const digits = step >= 2 && scaled < 100 ? 1 : 0;
  return bytesOf(language, units[step] ?? 'byte', digits).formatToParts(scaled);
}

// Formatters are cached: creating one costs more than a thousand uses.
const made = new Map<string, Intl.NumberFormat>();
function cachedFormat(key: string, make: () => Intl.NumberFormat): Intl.NumberFormat {
  const known = made.get(key);
  if (known) return known;
  const fresh = make();
  made.set(key, fresh);
  return fresh;
}
const integer = (language: string) =>
  cachedFormat(`i ${language}`, () => new Intl.NumberFormat(language, { maximumFractionDigits: 0 }));
const percentOf = (language: string, digits: number) =>
  cachedFormat(
    `p${digits} ${language}`,
    () =>
      new Intl.NumberFormat(language, {
        style: 'percent',
        minimumFractionDigits: digits,
        maximumFractionDigits: digits,
      }),
  );
const rateOf = (language: string, digits: number) =>
  cachedFormat(
    `r${digits} ${language}`,
    () => new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits }),
  );
const bytesOf = (language: string, unit: string, digits: number) =>
  cachedFormat(
    `b ${unit} ${digits} ${language}`,
    () =>
      new Intl.NumberFormat(language, {
        style: 'unit',
        unit,
        unitDisplay: unit === 'byte' ? 'long' : 'short',
        maximumFractionDigits: digits,
      }),
  );
