import { useTranslation } from 'react-i18next';
import { layoutOf } from '../../../contract/packs/picture-input.ts';
import type { PreparedPhoto } from '../../../contract/packs/pack-build.ts';
import type { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';
import { useNumbers } from '../numbers.tsx';

type ChannelValuesProps = {
  readonly of: PreparedPhoto;
  readonly steps: readonly PreprocessingStep[];
};
const names = {
  RGB: ['red', 'green', 'blue'],
  BGR: ['blue', 'green', 'red'],
  luma: ['luma'],
} as const;

/** The input values of the model by channel, in its channel order. */
export function ChannelValues({ of, steps }: ChannelValuesProps) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const format = (value: number): string => numbers.number(value, 3);
  return (
    <table className="channel-values small">
      <thead>
        <tr>
          <th scope="col">{t('make.channel')}</th>
          <th scope="col">{t('make.least')}</th>
          <th scope="col">{t('make.middle')}</th>
          <th scope="col">{t('make.most')}</th>
        </tr>
      </thead>
      <tbody>
        {names[layoutOf(steps)?.channels ?? 'RGB'].map((name, at) => {
          const { min, max, mean } = of.channels[at] ?? { min: 0, max: 0, mean: 0 };
          return (
            <tr key={name}>
              <th scope="row">{t(`make.${name}`)}</th>
              <td>{format(min)}</td>
              <td>{format(mean)}</td>
              <td>{format(max)}</td>
            </tr>
          );
        })}
      </tbody>
    </table>
  );
}
