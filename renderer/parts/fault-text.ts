import { useTranslation } from 'react-i18next';
import type { i18n as I18n } from 'i18next';
import type { Fault } from '../../contract/faults/faults.ts';
import { isReason } from '../../contract/faults/reasons.ts';
import type { Reason, ReasonParam } from '../../contract/faults/reasons.ts';
import { fileName } from './file-name.ts';

/**
 * A fault's texts in the window's language: files by name only, and a short form for places that show the file beside
 * it.
 */
export const useFaultText = (): FaultText => createFaultText(useTranslation().i18n);

type FaultText = {
  readonly message: (fault: Fault) => string;
  readonly hint: (fault: Fault) => string;
  readonly short: (fault: Fault) => string;
  readonly reason: (reason: Reason) => string;
  /** The untranslated message of the system, the runtime or a publisher; null for none. */
  readonly detail: (why: Fault | Reason) => string | null;
  /** Everything on one line, where space is short. */
  readonly line: (fault: Fault) => string;
};

export function createFaultText(i18n: I18n): FaultText {
  const apart = phrases(i18n, () => i18n.t('reasons.detail'));
  const inline = phrases(i18n, (text) => text);
  return {
    message: (fault) => apart.describe(fault, 'message'),
    line: (fault) => inline.describe(fault, 'message'),
    hint: (fault) => inline.describe(fault, 'hint'),
    reason: inline.reason,
    detail: detailOf,
    short: (fault) => {
      const key = `faults.${fault.code}.short`;
      if (!i18n.exists(key)) return inline.describe(fault, 'message');
      const text = inline.fill(key, { ...fault.params, ...fault.reasons });
      return text.charAt(0).toLocaleUpperCase(i18n.language) + text.slice(1);
    },
  };
}

/** `foreign`: replaces messages that are not translated. */
function phrases(i18n: I18n, foreign: (text: string) => string) {
  const fill = (key: string, params: Readonly<Record<string, ReasonParam>>): string =>
    i18n.t(key, textsOf(params, { i18n, reason }));
  const reason = (why: Reason): string => {
    if (why.code === 'detail') return foreign(textParam(why, 'text'));
    if (why.code === 'fault') return ofFault(why);
    const own = why.code === 'system' ? `reasons.system.${textParam(why, 'code')}` : '';
    return fill(i18n.exists(own) ? own : `reasons.${why.code}`, why.params);
  };
  const ofFault = (why: Reason): string => {
    const key = `faults.${textParam(why, 'fault')}.message`;
    return (i18n.exists(key) ? fill(key, why.params) : textParam(why, 'message')).replace(/\.$/u, '');
  };
  const describe = (fault: Fault, part: 'message' | 'hint'): string => {
    const key = `faults.${fault.code}.${part}`;
    return i18n.exists(key) ? fill(key, { ...fault.params, ...fault.reasons }) : fault[part];
  };
  return { describe, reason, fill };
}

function detailOf(why: Fault | Reason): string | null {
  const own = !('message' in why) && why.code === 'detail' ? [textParam(why, 'text')] : [];
  const inner = Object.values('message' in why ? (why.reasons ?? {}) : why.params).filter(isReason);
  const all = [...own, ...inner.flatMap((one) => detailOf(one) ?? [])];
  return all.length === 0 ? null : all.join('; ');
}

type Speech = { readonly i18n: I18n; readonly reason: (reason: Reason) => string };
function textParam({ params }: Reason, name: string): string {
  const value = params[name];
  return typeof value === 'string' ? value : '';
}
const isoTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d/u;

function textsOf(
  params: Readonly<Record<string, ReasonParam>>,
  { i18n, reason }: Speech,
): Record<string, string> {
  const number = new Intl.NumberFormat(i18n.language);
  const time = new Intl.DateTimeFormat(i18n.language, { dateStyle: 'medium', timeStyle: 'short' });
  const text = (name: string, value: ReasonParam): string => {
    if (typeof value === 'number') return number.format(value);
    if (typeof value !== 'string') return reason(value);
    if (name === 'file') return fileName(value);
    if (name === 'provider' && i18n.exists(`provider.${value}`)) return i18n.t(`provider.${value}`);
    return isoTime.test(value) ? time.format(new Date(value)) : value;
  };
  return Object.fromEntries(Object.entries(params).map(([name, value]) => [name, text(name, value)]));
}
