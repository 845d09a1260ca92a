import { IconDownload, IconFileImport, IconSettings } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import type { Fault } from '../../../contract/faults/faults.ts';
import { splitRef } from '../../../contract/serving/split-ref.ts';
import { copyText } from '../../actions/ask-main.ts';
import { getPartsAndAnswer } from '../../actions/get-parts.ts';
import { chooseImport } from '../../actions/import-model.ts';
import { cancelVersion } from '../../actions/lifecycle.ts';
import { showSettings } from '../../actions/move.ts';
import { Button } from '../../parts/button.tsx';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useFaultText } from '../../parts/fault-text.ts';
import { useNumbers } from '../../parts/numbers.tsx';
import { useCell } from '../../state/cell.ts';
import { lifecycleFault, underWay, useUpdates } from '../../state/lifecycle.ts';
import { useModels } from '../../state/queries.ts';

const at16 = { size: 16, stroke: 1.5, 'aria-hidden': true } as const;

type Missing = { readonly ref: string; readonly part: string };

/** What a fault says is missing of a model that is made of others; null for any other fault. */
export function missingPartOf({ code, params }: Fault): Missing | null {
  return code === 'pack-part-missing' ? { ref: String(params['model']), part: String(params['part']) } : null;
}

type PartMissingProps = { readonly fault: Fault; readonly missing: Missing };

/** A model that is made of others cannot answer, as one of them is not here: it is fetched by one press. */
export function PartMissing({ fault, missing: { ref, part } }: PartMissingProps) {
  const { t } = useTranslation();
  const faultText = useFaultText();
  const name = splitRef(ref);
  const model = useModels().data?.find((one) => one.ref === ref);
  const isGetting = useCell(underWay).has(ref);
  const failed = useCell(lifecycleFault);
  const why = failed?.model === name.id && !isGetting ? failed.fault : null;
  const version = { model: name.id, version: name.version ?? '' };
  return (
    <FaultCard
      title={t('part.missing', { model: model?.title ?? name.id, part })}
      fault={fault}
      onCopy={(text) => void copyText(text)}
      under={
        <div className="part-state" role="status">
          {isGetting ? <Progress part={part} /> : null}
          {why ? (
            <p className="tone-danger">
              {t('part.notGot', { part })} {faultText.line(why)} {faultText.hint(why)}
            </p>
          ) : null}
        </div>
      }
      actions={
        isGetting ? (
          <Button size="small" onClick={() => void cancelVersion(version)}>
            {t('common.cancel')}
          </Button>
        ) : (
          <>
            <Button
              tone="primary"
              size="small"
              icon={<IconDownload {...at16} />}
              onClick={() => void getPartsAndAnswer(version)}
            >
              {t(why ? 'part.getAgain' : 'part.get', { part })}
            </Button>
            <Button
              tone="quiet"
              size="small"
              icon={<IconFileImport {...at16} />}
              onClick={() => void chooseImport('file')}
            >
              {t('part.fromFile')}
            </Button>
            {why?.code === 'feed-none' ? (
              <Button
                tone="quiet"
                size="small"
                icon={<IconSettings {...at16} />}
                onClick={() => showSettings('updates')}
              >
                {t('place.settings')}
              </Button>
            ) : null}
          </>
        )
      }
    />
  );
}

/** Bytes while there are some; before and after them the feed is asked, and the golden samples are run. */
function Progress({ part }: { readonly part: string }) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const download = useUpdates().data?.downloads.find(({ model }) => model === part);
  const { transferred, total } = download ?? { transferred: 0, total: 0 };
  return (
    <span className="part-progress small">
      <progress
        className="part-bar"
        aria-label={t('part.getting', { part })}
        {...(total > 0 && { max: total, value: transferred })}
      />
      <span className="number">
        {total > 0
          ? t('fetch.of', { done: numbers.bytes(transferred), total: numbers.bytes(total) })
          : t('part.getting', { part })}
      </span>
    </span>
  );
}
