import { useTranslation } from 'react-i18next';
import type { ModelSummary } from '../../../contract/packs/model.ts';
import type { TensorSpec } from '../../../contract/tensors/tensor.ts';
import { Bytes } from '../../parts/numbers.tsx';

export function Variants({ summary }: { readonly summary: ModelSummary }) {
  const { t } = useTranslation();
  return (
    <section className="variants">
      <h3 className="heading">{t('models.variants')}</h3>
      <ul>
        {summary.variants.map((variant) => (
          <li key={variant.name}>
            <strong>{variant.name}</strong>
            <Bytes value={variant.size} />
            <span className="grow">{variant.note ?? t('models.fullPrecision')}</span>
            <span className="muted variant-places">
              {variant.providers.map((one) => t(`provider.${one}`)).join(', ')}
            </span>
          </li>
        ))}
      </ul>
      <p className="mono muted cut" title={summary.digest}>
        {summary.digest}
      </p>
    </section>
  );
}

type TensorsProps = { readonly inputs: readonly TensorSpec[]; readonly outputs: readonly TensorSpec[] };

export function Tensors({ inputs, outputs }: TensorsProps) {
  const { t } = useTranslation();
  const line = (spec: TensorSpec) => (
    <li key={spec.name}>
      <span className="mono">{spec.name}</span>
      <span className="mono muted">{`${spec.type}, ${spec.shape.join(' × ')}`}</span>
    </li>
  );
  return (
    <section className="ruled">
      <h3 className="heading">{t('models.inputs')}</h3>
      <ul>{inputs.map(line)}</ul>
      <h3 className="heading">{t('models.outputs')}</h3>
      <ul>{outputs.map(line)}</ul>
    </section>
  );
}
