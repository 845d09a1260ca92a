import { useTranslation } from 'react-i18next';
import type { Fault } from '../../../contract/faults/faults.ts';
import type { Reason } from '../../../contract/faults/reasons.ts';
import type { PackField, PackLook } from '../../../contract/packs/pack-build.ts';
import { useFaultText } from '../../parts/fault-text.ts';
import type { MakeDraft } from '../../state/making.ts';

const optionFields: Readonly<Record<string, string>> = { 'pack-version': 'version' };

/** What stands at each field: a fault of the form, of the last build, or that an answer is missing. */
export function useMakeTexts(draft: MakeDraft, look: PackLook) {
  const { t, i18n } = useTranslation();
  const faultText = useFaultText();
  /** The command line's options by the names that the fields have here. */
  const describe = (about: Fault | Reason): string =>
    ('message' in about ? faultText.message(about) : `${faultText.reason(about)}.`).replace(
      /--([a-z]+(?:-[a-z]+)?)/gu,
      (whole, option: string) => {
        const key = `make.field.${optionFields[option] ?? option}`;
        return i18n.exists(key) ? t('make.quoted', { field: t(key) }) : whole;
      },
    );
  const built = draft.step.kind === 'failed' ? draft.step.fault : null;
  const wrongAt = (field: PackField): string | null => {
    const fault = look.faults.find((one) => one.field === field)?.fault;
    if (fault) return describe(fault);
    if (built && built.params['field'] === field) return describe(built);
    const state = look.questions.find((one) => one.question === field)?.state;
    if (state === 'wrong') return t(`make.wrong.${field}`);
    return state === 'missing' && draft.isAsked ? t('make.missing') : null;
  };
  const open = look.questions.filter(({ state }) => state !== 'answered').map(({ question }) => question);
  return { describe, wrongAt, open };
}

type MakeTexts = ReturnType<typeof useMakeTexts>;
export type MakeProps = {
  readonly draft: MakeDraft;
  readonly look: PackLook;
  readonly texts: MakeTexts;
};
