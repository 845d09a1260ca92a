import { useTranslation } from 'react-i18next';
import type { Fault } from '../../contract/faults.ts';
import { fileName } from './file-name.ts';

/** A fault's words for the window: files by their names alone, and a short form where the file stands beside it. */
export function useFaultWords() {
  const { t, i18n } = useTranslation();
  return {
    message: (fault: Fault): string => named(fault, fault.message),
    hint: (fault: Fault): string => {
      const key = `faults.${fault.code}.hint`;
      return i18n.exists(key) ? t(key, asText(fault.params, i18n.language)) : fault.hint;
    },
    short: (fault: Fault): string => {
      const key = `faults.${fault.code}.short`;
      if (!i18n.exists(key)) return named(fault, fault.message);
      const words = t(key, asText(fault.params, i18n.language));
      return words.charAt(0).toLocaleUpperCase(i18n.language) + words.slice(1);
    },
  };
}

function named(fault: Fault, text: string): string {
  const { file } = fault.params;
  return typeof file === 'string' && file !== '' ? text.replaceAll(file, fileName(file)) : text;
}

function asText(params: Fault['params'], language: string): Record<string, string> {
  const number = new Intl.NumberFormat(language);
  const entries = Object.entries(params).map(([name, value]) => [
    name,
    typeof value === 'number' ? number.format(value) : name === 'file' ? fileName(value) : value,
  ]);
  return Object.fromEntries(entries) as Record<string, string>;
}
