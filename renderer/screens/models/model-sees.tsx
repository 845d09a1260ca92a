import { IconPhoto } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { SelectedFile } from '../../../contract/calls/calls.ts';
import type { PreprocessingStep } from '../../../contract/packs/picture-steps.ts';
import { choosePhoto } from '../../actions/choose-photo.ts';
import { Button } from '../../parts/button.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { ChannelValues, SeenFigure, SourceFigure } from '../../parts/prepared/index.ts';
import { faultOf } from '../../state/client.ts';
import { usePrepared } from '../../state/making.ts';
import { useSamples } from '../../state/queries.ts';

type ModelSeesProps = { readonly model: string; readonly steps: readonly PreprocessingStep[] };

/** What of a photo the model gets, by the steps that answer: a sample of the pack until a photo is chosen. */
export function ModelSees({ model, steps }: ModelSeesProps) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const [own, setOwn] = useState<SelectedFile | null>(null);
  const sample = useSamples(model).data?.files[0] ?? null;
  const photo = own ?? sample;
  const prepared = usePrepared(photo?.ref ?? null, steps);
  const fault = faultOf(prepared.error);
  const seen = fault ? undefined : prepared.data;
  const choose = async (): Promise<void> => setOwn((await choosePhoto()) ?? own);
  return (
    <section className="model-sees">
      <div className="row model-heading">
        <h3 className="heading">{t('make.sees')}</h3>
        <Button
          size="small"
          tone="quiet"
          className="end"
          icon={<IconPhoto size={16} stroke={1.5} aria-hidden="true" />}
          onClick={() => void choose()}
        >
          {t(own ? 'make.otherPhoto' : 'make.yourPhoto')}
        </Button>
      </div>
      {fault ? (
        <p className="tone-danger" role="alert">
          {faultText.message(fault)}
        </p>
      ) : !photo ? (
        <p className="muted">{t('models.seesNone')}</p>
      ) : null}
      {photo && !fault ? (
        <div className="model-sees-pair">
          <SourceFigure
            photo={photo}
            isOwn={own !== null}
            prepared={seen}
            photoClassName="model-sees-photo"
          />
          {seen ? (
            <>
              <SeenFigure prepared={seen} />
              <ChannelValues of={seen} steps={steps} />
            </>
          ) : null}
        </div>
      ) : null}
    </section>
  );
}
