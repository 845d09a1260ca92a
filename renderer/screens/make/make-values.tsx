import { SegmentedControl, Select } from '@mantine/core';
import { useTranslation } from 'react-i18next';
import type { PhotoSteps } from '../../../contract/packs/pack-build.ts';
import { Button } from '../../parts/button.tsx';
import { MakeField } from './make-field.tsx';
import { useIsStacked } from '../../hooks/use-width.ts';
import { NumberCell } from './number-cell.tsx';

type Three = PhotoSteps['mean'];
const kernels = ['linear', 'cubic', 'lanczos3', 'nearest'] as const;
const channels = ['RGB', 'BGR'] as const;
const colours = ['red', 'green', 'blue'] as const;
const usualCrop = 0.875;
const usualLetterbox = { colour: [114, 114, 114], at: 'centre' } as const;
const places = ['centre', 'corner'] as const;

type MakeValuesProps = {
  readonly values: PhotoSteps;
  readonly onChange: (part: Partial<PhotoSteps>) => void;
};

/** The values behind a preset, each to be changed. */
export function MakeValues({ values, onChange }: MakeValuesProps) {
  const { t } = useTranslation();
  const { crop, mean, std, letterbox } = values;
  const isFilled = letterbox !== undefined && crop === null;
  // Exporters write these for values of 0 to 1, where this form and a pack count from 0 to 255.
  const isStacked = useIsStacked();
  const isOfOne = [...mean, ...std].every((value) => value > 0 && value < 1);
  const times255 = (three: Three): Three => [three[0] * 255, three[1] * 255, three[2] * 255];
  return (
    <>
      <MakeField name="channels" label={t('make.channels')}>
        <SegmentedControl
          aria-label={t('make.channels')}
          value={values.channels}
          onChange={(value) => onChange({ channels: channels.find((one) => one === value) ?? 'RGB' })}
          data={channels.map((value) => ({ value, label: t(`make.channels.${value}`) }))}
        />
      </MakeField>
      <MakeField name="crop" label={t('make.crop')} isWide>
        <div className="row make-wrap">
          <SegmentedControl
            aria-label={t('make.crop')}
            orientation={isStacked ? 'vertical' : 'horizontal'}
            value={isFilled ? 'filled' : crop === null ? 'whole' : 'middle'}
            onChange={(value) => onChange(partsOf(value, letterbox))}
            data={(['middle', 'whole', 'filled'] as const).map((part) => ({
              value: part,
              label: t(`make.crop.${part}`),
            }))}
          />
          {crop === null ? null : (
            <NumberCell
              label={t('make.cropShare')}
              value={crop * 100}
              unit="%"
              isFit={(value) => value > 0 && value <= 100}
              onChange={(value) => onChange({ crop: value / 100 })}
            />
          )}
        </div>
      </MakeField>
      {isFilled ? (
        <>
          <MakeField name="fill" label={t('make.fill')} hint={t('make.hint.mean')}>
            <div className="make-three">
              {colours.map((colour, at) => (
                <NumberCell
                  key={colour}
                  label={`${t('make.fill')}, ${t(`make.${colour}`)}`}
                  value={letterbox.colour[at]!}
                  isFit={(value) => Number.isInteger(value) && value >= 0 && value <= 255}
                  onChange={(value) => {
                    const colour: Three = [...letterbox.colour];
                    colour[at] = value;
                    onChange({ letterbox: { ...letterbox, colour } });
                  }}
                />
              ))}
            </div>
          </MakeField>
          <MakeField name="at" label={t('make.at')}>
            <SegmentedControl
              aria-label={t('make.at')}
              value={letterbox.at}
              onChange={(value) =>
                onChange({
                  letterbox: { ...letterbox, at: places.find((one) => one === value) ?? 'centre' },
                })
              }
              data={places.map((value) => ({ value, label: t(`make.at.${value}`) }))}
            />
          </MakeField>
        </>
      ) : null}
      <MakeField name="kernel" label={t('make.kernel')}>
        <Select
          aria-label={t('make.kernel')}
          value={values.kernel}
          data={kernels.map((value) => ({ value, label: t(`make.kernel.${value}`) }))}
          onChange={(value) => onChange({ kernel: kernels.find((one) => one === value) ?? 'linear' })}
        />
      </MakeField>
      <Row name="mean" values={mean} onChange={(next) => onChange({ mean: next })} />
      <Row
        name="std"
        values={std}
        isFit={(value) => value !== 0}
        onChange={(next) => onChange({ std: next })}
      />
      {isOfOne ? (
        <p className="make-chips wide small tone-warn">
          {t('make.ofOne')}
          <Button
            size="small"
            tone="quiet"
            onClick={() => onChange({ mean: times255(mean), std: times255(std) })}
          >
            {t('make.times255')}
          </Button>
        </p>
      ) : null}
    </>
  );
}

/** `filled`: the whole photo in proportion, the rest of the input in one colour. */
function partsOf(part: string, letterbox: PhotoSteps['letterbox']): Partial<PhotoSteps> {
  if (part === 'middle') return { crop: usualCrop };
  const filled = letterbox ?? { at: usualLetterbox.at, colour: [...usualLetterbox.colour] };
  return { crop: null, letterbox: part === 'filled' ? filled : undefined };
}

type RowProps = {
  readonly name: 'mean' | 'std';
  readonly values: Three;
  readonly isFit?: (value: number) => boolean;
  readonly onChange: (values: Three) => void;
};

function Row({ name, values, isFit = () => true, onChange }: RowProps) {
  const { t } = useTranslation();
  return (
    <MakeField name={name} label={t(`make.${name}`)} hint={t(`make.hint.${name}`)}>
      <div className="make-three">
        {colours.map((colour, at) => (
          <NumberCell
            key={colour}
            label={`${t(`make.${name}`)}, ${t(`make.${colour}`)}`}
            value={values[at]!}
            isFit={(value) => Number.isFinite(value) && isFit(value)}
            onChange={(value) => {
              const next: Three = [...values];
              next[at] = value;
              onChange(next);
            }}
          />
        ))}
      </div>
    </MakeField>
  );
}
