import { SegmentedControl, Select } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useTranslation } from 'react-i18next';
import { providerChoices, variantChoices } from '../../state/choices.ts';
import type { Settings } from '../../../contract/settings.ts';
import type { ProviderReport } from '../../../contract/serving/status.ts';
import { changeSettings, proveProviders } from '../../actions/ask-main.ts';
import { useFaultText } from '../../parts/fault-text.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { SettingRow } from './setting-row.tsx';
import { useInfo, useModelInUse, useProviders, useShapes } from '../../state/queries.ts';
import { resetOf } from './setting-reset.ts';

export function SettingsSpeed({ settings }: { readonly settings: Settings }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const model = useModelInUse();
  const cores = useInfo().data?.cores ?? 4;
  const shape = useShapes().data?.find((one) => one.model === model?.ref || one.model === model?.id);
  const variant = model?.variants.find((one) => one.note !== undefined);
  const measured = shape
    ? t('settings.workersMeasured', {
        workers: shape.throughput.workers,
        threads: shape.throughput.threads,
        rate: numbers.number(shape.throughput.rate, 3),
        oneWorkers: shape.latency.workers,
        oneThreads: shape.latency.threads,
        oneRate: numbers.number(shape.latency.rate, 3),
      })
    : t('settings.workersHint');
  const counts = [
    'auto',
    ...Array.from({ length: Math.min(64, Math.max(cores, 2)) }, (_, index) => String(index + 1)),
  ];
  const chosen = (value: string | null) =>
    value === null || value === 'auto' ? ('auto' as const) : Number(value);
  const options = counts.map((value) => ({
    value,
    label: value === 'auto' ? t('settings.automatic') : numbers.count(Number(value)),
  }));
  return (
    <>
      <SettingRow title={t('settings.workers')} onReset={resetOf(settings, 'workers')} hint={measured}>
        <Select
          aria-label={t('settings.workers')}
          w={136}
          value={String(settings.workers)}
          data={options}
          onChange={(value) => void changeSettings({ workers: chosen(value) })}
        />
      </SettingRow>
      <SettingRow
        title={t('settings.threads')}
        onReset={resetOf(settings, 'threads')}
        hint={t('settings.threadsHint')}
      >
        <Select
          aria-label={t('settings.threads')}
          w={136}
          value={String(settings.threads)}
          data={options}
          onChange={(value) => void changeSettings({ threads: chosen(value) })}
        />
      </SettingRow>
      <RunsOn settings={settings} model={model?.ref ?? null} />
      <SettingRow
        title={t('settings.variant')}
        onReset={resetOf(settings, 'variant')}
        hint={variant ? `${variant.name}: ${variant.note ?? ''}` : t('settings.variantHint')}
      >
        <SegmentedControl
          aria-label={t('settings.variant')}
          value={settings.variant}
          onChange={(value) =>
            void changeSettings({ variant: variantChoices.find((one) => one === value) ?? 'auto' })
          }
          data={variantChoices
            .filter(
              (one) =>
                one === 'auto' || one === settings.variant || model?.variants.some((has) => has.name === one),
            )
            .map((one) => ({ value: one, label: one === 'auto' ? t('settings.automatic') : one }))}
        />
      </SettingRow>
    </>
  );
}

function RunsOn({ settings, model }: { readonly settings: Settings; readonly model: string | null }) {
  const { t } = useTranslation();
  const reports = useProviders().data ?? [];
  const again = useMutation({ mutationFn: () => proveProviders(model ?? '') });
  const own = reports.filter((one) => one.model === model || model?.startsWith(`${one.model}@`));
  const list = own.length > 0 ? own : reports;
  const hint = (
    <>
      <ul className="verdicts">
        {list.map((report) => (
          <Verdict key={`${report.model} ${report.provider}`} report={report} />
        ))}
      </ul>
      {list.length === 0 ? <span>{t('settings.notProved')} </span> : null}
      <button
        type="button"
        className="link"
        disabled={again.isPending || model === null}
        onClick={() => again.mutate()}
      >
        {t(again.isPending ? 'settings.proving' : 'fault.tryAgain')}
      </button>
    </>
  );
  return (
    <SettingRow title={t('settings.runsOn')} onReset={resetOf(settings, 'provider')} hint={hint}>
      <Select
        aria-label={t('settings.runsOn')}
        w={136}
        value={settings.provider}
        onChange={(value) =>
          void changeSettings({ provider: providerChoices.find((one) => one === value) ?? 'auto' })
        }
        data={providerChoices.map((one) => ({ value: one, label: t(`provider.${one}`) }))}
      />
    </SettingRow>
  );
}

function Verdict({ report }: { readonly report: ProviderReport }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { verdict } = report;
  const faultText = useFaultText();
  // Reports stored before reasons became data have an English text only.
  const because = verdict.why ? faultText.reason(verdict.why) : verdict.reason;
  const ms = 'ms' in verdict ? numbers.ms(verdict.ms) : '';
  const text = t(`verdict.${verdict.kind}`, {
    ms,
    cpu: verdict.kind === 'slower' ? numbers.ms(verdict.cpuMs) : '',
    reason: because,
  });
  return (
    <li title={`${because}\n${numbers.day(report.at)}`}>
      <span className="verdict-name">{t(`provider.${report.provider}`)}</span> {text}
    </li>
  );
}
