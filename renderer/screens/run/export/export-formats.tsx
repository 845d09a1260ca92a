import { useId } from 'react';
import { Radio } from '@mantine/core';
import { IconMapPin, IconRepeat } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { ExportCount, ExportFormat } from '../../../../contract/runs/export.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';
import { drawsBoxes } from '../../../../contract/tasks/index.ts';
import { chooseFormat, runAgainFromExport } from '../../../actions/export-run.ts';
import { openPlacesFromExport } from '../../../actions/places.ts';
import { Button } from '../../../parts/button.tsx';
import type { Exporting } from '../../../state/exporting.ts';
import { canAnswer, running } from '../../../state/model-in-use.ts';
import { useModels } from '../../../state/queries.ts';
import { useRun, useRunFolders, useRunModel } from '../../../state/run-queries.ts';

/** By whom they are read: people first. */
const order: readonly ExportFormat[] = [
  'csv-excel',
  'xlsx',
  'html',
  'csv',
  'jsonl',
  'parquet',
  'megadetector',
  'coco',
  'yolo',
  'camtrap-dp',
  'geojson',
  'sorted',
  'marked',
  'blurred',
];

/** Faults that a person can do something about here. Formats that lack boxes are named below the others. */
const mendable = [
  'export-place-unknown',
  'export-place-hidden',
  'export-needs-times',
  'export-too-many-rows',
] as const;
type Mendable = (typeof mendable)[number];

type Lack = { readonly code: Mendable; readonly params: Fault['params'] };
type Line = { readonly one: ExportFormat; readonly lacks: Lack | null };

type ExportFormatsProps = { readonly now: Exporting; readonly count: ExportCount | undefined };

/** The formats that fit the run, and those that would with a little more, which say what they lack. */
export function ExportFormats({ now: { run, format }, count }: ExportFormatsProps) {
  const { t } = useTranslation();
  const lines = order.flatMap((one): readonly Line[] => {
    const fault = count?.unfit.find((each) => each.format === one)?.fault;
    const lack = mendable.find((code) => code === fault?.code);
    // With no photo chosen no format fits; all stay offered, so that another choice can follow.
    if (!fault || count?.items === 0) return [{ one, lacks: null }];
    return lack ? [{ one, lacks: { code: lack, params: fault.params } }] : [];
  });
  const boxless = order.filter((one) =>
    count?.unfit.some((each) => each.format === one && each.fault.code === 'export-needs-boxes'),
  );
  return (
    <>
      <Radio.Group
        className="export-formats"
        label={t('exports.format')}
        value={format}
        onChange={(value) => chooseFormat(value as ExportFormat)}
      >
        {lines.map(({ one, lacks }) =>
          lacks ? (
            <LackingFormat key={one} run={run} format={one} lacks={lacks} />
          ) : (
            <Radio
              key={one}
              value={one}
              label={t(`exports.format.${one}`)}
              description={t(`exports.for.${one}`)}
              data-autofocus={one === format ? true : undefined}
            />
          ),
        )}
      </Radio.Group>
      {boxless.length > 0 && count?.items !== 0 ? <WithoutBoxes run={run} formats={boxless} /> : null}
    </>
  );
}

type LackingFormatProps = {
  readonly run: string;
  readonly format: ExportFormat;
  readonly lacks: Lack;
};

/** A format that cannot be chosen yet, with the reason and, for an unknown place, the way to set it. */
function LackingFormat({ run, format, lacks: { code, params } }: LackingFormatProps) {
  const { t } = useTranslation();
  const reason = useId();
  const folders = useRunFolders(run).data ?? [];
  const folder = folders.find(({ site }) => site === params['site'])?.folder ?? '';
  return (
    <div className="export-lacking">
      <Radio value={format} label={t(`exports.format.${format}`)} disabled aria-describedby={reason} />
      <p id={reason} className="small">
        {t(`exports.unfit.${code}`, params)}
      </p>
      {code === 'export-place-unknown' ? (
        <Button
          tone="quiet"
          size="small"
          icon={<IconMapPin size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => openPlacesFromExport(folder)}
        >
          {t('places.open')}
        </Button>
      ) : null}
    </div>
  );
}

type WithoutBoxesProps = { readonly run: string; readonly formats: readonly ExportFormat[] };

/** Why formats of boxes are not offered, and the model that would draw some. */
function WithoutBoxes({ run: id, formats }: WithoutBoxesProps) {
  const { t, i18n } = useTranslation();
  const run = useRun(id).data;
  const model = useRunModel(run);
  const models = useModels().data ?? [];
  const drawing = running(models.filter((each) => canAnswer(each) && drawsBoxes(each.task)));
  const names = new Intl.ListFormat(i18n.language).format(
    formats.map((format) => t(`exports.format.${format}`)),
  );
  return (
    <div className="export-boxless small muted">
      <p>{t('exports.withoutBoxes', { names, model: model?.title ?? run?.model ?? '' })}</p>
      {drawing && run?.isRepeatable ? (
        <Button
          tone="quiet"
          size="small"
          icon={<IconRepeat size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => void runAgainFromExport(id, drawing.ref)}
        >
          {t('exports.drawBoxes', { model: `${drawing.title} ${drawing.version}` })}
        </Button>
      ) : drawing ? null : (
        <p>{t('exports.noDrawing')}</p>
      )}
    </div>
  );
}
