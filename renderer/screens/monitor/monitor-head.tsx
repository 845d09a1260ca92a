import { Menu, SegmentedControl } from '@mantine/core';
import { IconCheck, IconChevronDown, IconCube, IconPlugConnected } from '@tabler/icons-react';
import type { ReactNode } from 'react';
import { useTranslation } from 'react-i18next';
import type { MonitorRange } from '../../../contract/serving/monitor.ts';
import { Button } from '../../parts/button.tsx';
import { useCell } from '../../state/cell.ts';
import { monitorClients, monitorRanges, shown, useMonitor } from '../../state/monitor.ts';
import { grouped } from '../../state/model-in-use.ts';
import { useModels } from '../../state/queries.ts';

/** How long back, of which model and for which client. */
export function MonitorHead() {
  const { t } = useTranslation();
  const { range, model, client } = useCell(shown);
  const models = useModelNames();
  const clients = monitorClients.map((name) => ({ value: name, text: t(`monitor.client.${name}`) }));
  return (
    <div className="monitor-head end">
      <SegmentedControl
        value={range}
        onChange={(value) => shown.set((now) => ({ ...now, range: value as MonitorRange, isChosen: true }))}
        data={monitorRanges.map((value) => ({ value, label: t(`monitor.range.${value}`) }))}
        aria-label={t('monitor.range')}
      />
      <Choice
        icon={<IconCube size={18} stroke={1.5} aria-hidden="true" />}
        label={t('monitor.model')}
        all={t('monitor.allModels')}
        chosen={model}
        of={models}
        onChoose={(value) => shown.set((now) => ({ ...now, model: value }))}
      />
      <Choice
        icon={<IconPlugConnected size={18} stroke={1.5} aria-hidden="true" />}
        label={t('monitor.client')}
        all={t('monitor.allClients')}
        chosen={client}
        of={clients}
        onChoose={(value) => shown.set((now) => ({ ...now, client: value }))}
      />
    </div>
  );
}

type Named<T> = { readonly value: T; readonly text: string };
type ChoiceProps<T extends string> = {
  readonly icon: ReactNode;
  readonly label: string;
  readonly all: string;
  readonly chosen: T | null;
  readonly of: readonly Named<T>[];
  readonly onChoose: (value: T | null) => void;
};

function Choice<T extends string>({ icon, label, all, chosen, of, onChoose }: ChoiceProps<T>) {
  const text = of.find(({ value }) => value === chosen)?.text ?? chosen ?? all;
  const choices: readonly Named<T | null>[] = [{ value: null, text: all }, ...of];
  return (
    <Menu>
      <Menu.Target>
        <Button className="monitor-choice" aria-label={`${label}: ${text}`} title={text} icon={icon}>
          <span className="cut">{text}</span>
          <IconChevronDown size={16} stroke={1.5} aria-hidden="true" />
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        {choices.map((one) => (
          <Menu.RadioItem
            key={one.value ?? ''}
            value={one.value ?? ''}
            checked={one.value === chosen}
            checkIcon={<IconCheck size={16} stroke={1.5} aria-hidden="true" />}
            closeMenuOnClick
            onChange={() => onChoose(one.value)}
          >
            {one.text}
          </Menu.RadioItem>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}

/** Installed models, and removed ones that still have figures. */
function useModelNames(): readonly Named<string>[] {
  const here = grouped(useModels().data ?? []).map(({ id, shown: one }) => ({ value: id, text: one.title }));
  const asked = useMonitor().data?.models ?? [];
  const removed = asked.filter((id) => id !== '*' && !here.some(({ value }) => value === id));
  return [...here, ...removed.map((id) => ({ value: id, text: id }))];
}
