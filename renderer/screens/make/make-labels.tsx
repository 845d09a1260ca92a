import { useState } from 'react';
import { SegmentedControl } from '@mantine/core';
import { IconFileText } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { chooseLabels } from '../../actions/make-files.ts';
import { Button } from '../../parts/button.tsx';
import { MakeField } from './make-field.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import type { MakeProps } from './use-make-texts.ts';
import { changeForm } from '../../state/making.ts';
import { takesPictures } from '../../../contract/tasks/index.ts';

/** Names for the values of the output: from a file, pasted, or those that stand in the model file. */
export function MakeLabels({ draft, look, texts }: MakeProps) {
  const { t } = useTranslation();
  const { labels } = draft.form;
  const [isPasting, setIsPasting] = useState(labels?.kind === 'text');
  const isNeeded =
    look.stated.labels !== null || look.questions.some(({ question }) => question === 'labels');
  return (
    <section className="make-section">
      <h3 className="heading">
        {t('make.field.labels')} {isNeeded ? null : <span className="small muted">{t('make.optional')}</span>}
      </h3>
      <MakeField
        name="labels"
        label={t('make.field.labels')}
        wrong={texts.wrongAt('labels')}
        hint={<Found look={look} />}
        isWide
      >
        <div className="row make-wrap">
          <SegmentedControl
            aria-label={t('make.labelsFrom')}
            value={isPasting ? 'text' : 'file'}
            onChange={(value) => setIsPasting(value === 'text')}
            data={[
              { value: 'file', label: t('make.labelsFile') },
              { value: 'text', label: t('make.labelsPasted') },
            ]}
          />
          {isPasting ? null : (
            <Button
              icon={<IconFileText size={18} stroke={1.5} aria-hidden="true" />}
              onClick={() => void chooseLabels(draft.ref)}
            >
              {t('make.chooseLabels')}
            </Button>
          )}
          {!isPasting && labels?.kind === 'file' ? (
            <span className="mono make-chosen">
              <MiddleCut text={draft.names[labels.ref] ?? ''} />
            </span>
          ) : null}
        </div>
        {isPasting ? (
          <textarea
            className="make-area"
            aria-label={t('make.labelsPasted')}
            placeholder={t('make.labelsExample')}
            spellCheck={false}
            rows={5}
            value={labels?.kind === 'text' ? labels.text : ''}
            onChange={({ target: { value } }) =>
              changeForm(draft.ref, () => ({ labels: value === '' ? null : { kind: 'text', text: value } }))
            }
          />
        ) : null}
      </MakeField>
    </section>
  );
}

function Found({ look }: Pick<MakeProps, 'look'>) {
  const { t } = useTranslation();
  const numbers = useNumbers();
  const { labels, stated } = look;
  if (!labels)
    return t(look.task && !takesPictures(look.task) ? 'make.hint.labelsTensor' : 'make.hint.labels');
  const isOwn = stated.labels !== null;
  return (
    <>
      <span className="make-count">
        {t(isOwn ? 'make.labelsInFile' : 'make.labelsFound', {
          count: labels.count,
          n: numbers.count(labels.count),
        })}
      </span>{' '}
      {labels.first.join(', ')}
      {labels.count > labels.first.length ? ' …' : ''}
    </>
  );
}
