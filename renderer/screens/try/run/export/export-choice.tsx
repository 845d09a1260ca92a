import { Select, TextInput } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import { changeChoice } from '../../../../actions/export-run.ts';
import { useExportProfiles } from '../../../../state/exporting.ts';
import type { Exporting } from '../../../../state/exporting.ts';

/** Which photos, and what is told of places; a profile that was kept on the command line fills in more. */
export function ExportChoiceFields({ now: { choice, profile } }: { readonly now: Exporting }) {
  const { t } = useTranslation();
  const profiles = useExportProfiles().data ?? [];
  const places = choice.locations?.[0];
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
        value={places ? (places.kind === 'round' ? 'round' : 'hide') : 'keep'}
        allowDeselect={false}
        data={(['keep', 'round', 'hide'] as const).map((value) => ({
          value,
          label: t(`exports.places.${value}`),
        }))}
        onChange={(value) =>
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

function labelsIn(text: string): string[] | undefined {
  const labels = text
    .split(',')
    .map((label) => label.trim())
    .filter((label) => label !== '');
  return labels.length > 0 ? labels : undefined;
}
