import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { LocationRule } from '../../../../contract/runs/export.ts';
import { changeChoice } from '../../../actions/export-run.ts';
import { useExportProfiles } from '../../../state/exporting.ts';
import type { Exporting } from '../../../state/exporting.ts';

/** Which photos, and what is told of places; a profile that was kept on the command line fills in more. */
export function ExportChoiceFields({ now: { choice, profile } }: { readonly now: Exporting }) {
  const { t } = useTranslation();
  const profiles = useExportProfiles().data ?? [];
  const rules = choice.locations ?? [];
  const ruleText = useRuleText();
  const places = offeredFor(rules);
  return (
    <div className="export-choice">
      <TextInput
        label={t('exports.label')}
        description={t('exports.labelHint')}
        defaultValue={choice.labels?.join(', ') ?? ''}
        key={`label ${profile ?? ''}`}
        onBlur={(event) => changeChoice({ labels: labelsIn(event.currentTarget.value) })}
      />
      <Select
        label={t('exports.reviewed')}
        value={choice.reviewed ?? 'all'}
        allowDeselect={false}
        data={(['all', 'yes', 'no'] as const).map((value) => ({
          value,
          label: t(`exports.reviewed.${value}`),
        }))}
        onChange={(value) =>
          changeChoice({ reviewed: value === 'yes' || value === 'no' ? value : undefined })
        }
      />
      <Select
        label={t('exports.places')}
        value={places}
        allowDeselect={false}
        data={[
          ...(['keep', 'round', 'hide'] as const).map((value) => ({
            value,
            label: t(`exports.places.${value}`),
          })),
          ...(places === 'rules' ? [{ value: places, label: t('exports.places.rules') }] : []),
        ]}
        {...(places === 'rules' && { description: rules.map(ruleText).join('; ') })}
        onChange={(value) =>
          value !== 'rules' &&
          changeChoice({
            locations:
              value === 'round'
                ? [{ kind: 'round', places: 1 }]
                : value === 'hide'
                  ? [{ kind: 'hide' }]
                  : undefined,
          })
        }
      />
      {profiles.length > 0 ? (
        <Select
          label={t('exports.profile')}
          value={profile ?? ''}
          allowDeselect={false}
          data={[
            { value: '', label: t('exports.noProfile') },
            ...profiles.map(({ name }) => ({ value: name, label: name })),
          ]}
          onChange={(value) => {
            const chosen = profiles.find(({ name }) => name === value);
            changeChoice(chosen?.choice ?? {}, chosen?.name ?? null);
          }}
        />
      ) : null}
    </div>
  );
}

/** Which of the choices these rules are; `rules` for those that only the command line makes. */
function offeredFor(rules: readonly LocationRule[]): 'keep' | 'round' | 'hide' | 'rules' {
  const [only, ...more] = rules;
  if (!only) return 'keep';
  if (more.length > 0 || only.label !== undefined) return 'rules';
  if (only.kind === 'hide') return 'hide';
  return only.kind === 'round' && only.places === 1 ? 'round' : 'rules';
}

function useRuleText(): (rule: LocationRule) => string {
  const { t } = useTranslation();
  return (rule) => {
    const what =
      rule.kind === 'round'
        ? t('exports.rule.round', { count: rule.places })
        : rule.kind === 'delay'
          ? t('exports.rule.delay', { count: rule.days })
          : t('exports.rule.hide');
    return rule.label === undefined ? what : t('exports.rule.of', { label: rule.label, what });
  };
}

function labelsIn(text: string): string[] | undefined {
  const labels = text
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
  return labels.length > 0 ? labels : undefined;
}
