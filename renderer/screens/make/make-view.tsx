import { useEffect, useRef } from 'react';
import { useDebouncedValue } from '@mantine/hooks';
import { useTranslation } from 'react-i18next';
import { copyText } from '../../actions/ask-main.ts';
import { makePack, markAsked } from '../../actions/make-pack.ts';
import { FaultCard } from '../../parts/fault-card.tsx';
import { useCell } from '../../state/cell.ts';
import { faultOf } from '../../state/client.ts';
import { isWholeForm, makeDrafts, usePackLook } from '../../state/making.ts';
import type { MakeDraft } from '../../state/making.ts';
import { MakeFile } from './make-file.tsx';
import { MakeGolden } from './make-golden.tsx';
import { MakeIdentity } from './make-identity.tsx';
import { MakeLabels } from './make-labels.tsx';
import { MakeMore } from './make-more.tsx';
import { MakePane } from './make-pane.tsx';
import { MakePreparation } from './make-preparation.tsx';
import { MakeScores } from './make-scores.tsx';
import { useMakeTexts } from './use-make-texts.ts';
import type { MakeProps } from './use-make-texts.ts';
import { mayHaveLabels, takesPictures } from '../../../contract/tasks/index.ts';

const pauseMs = 150;

/** The form of what a bare model file does not say, beside what the model would get of a photo. */
export function MakeView({ of }: { readonly of: string }) {
  const draft = useCell(makeDrafts).find(({ ref }) => ref === of);
  return draft ? <DraftForm draft={draft} /> : <div className="make" />;
}

function DraftForm({ draft }: { readonly draft: MakeDraft }) {
  const [form] = useDebouncedValue(draft.form, pauseMs);
  const { data: look, error } = usePackLook(draft.ref, form);
  const fault = faultOf(error);
  if (fault)
    return (
      <div className="make-lost">
        <FaultCard
          title={draft.name}
          fault={fault}
          onCopy={() => void copyText(`${fault.code}\n${fault.message}\n${fault.hint}`)}
        />
      </div>
    );
  return look ? <Form draft={draft} look={look} /> : <div className="make" />;
}

function Form({ draft, look }: Pick<MakeProps, 'draft' | 'look'>) {
  const { t } = useTranslation();
  const texts = useMakeTexts(draft, look);
  const place = useRef<HTMLFormElement>(null);
  const parts = { draft, look, texts };
  const isPhoto = look.task === null || takesPictures(look.task);
  const isFailed = draft.step.kind === 'failed';
  // The first field that something is wrong with gets the focus when a build was refused.
  useEffect(() => {
    if (isFailed) focusFirstWrong(place.current);
  }, [isFailed]);
  // Validation is debounced: what is shown may be stale, so validate again.
  const make = async (): Promise<void> => {
    if (await isWholeForm(draft)) return makePack(draft);
    markAsked(draft.ref);
    // After the error marks are rendered.
    setTimeout(() => requestAnimationFrame(() => focusFirstWrong(place.current)), pauseMs);
  };
  return (
    <form
      className="make"
      ref={place}
      aria-label={t('make.title', { name: draft.name })}
      onSubmit={(event) => {
        event.preventDefault();
        if (draft.step.kind !== 'building') void make();
      }}
    >
      <div className="make-main">
        <MakeFile {...parts} />
        <MakeIdentity {...parts} />
        {/* Labels that were given stay to be seen and taken away. */}
        {look.task === null || mayHaveLabels(look.task) || draft.form.labels ? (
          <MakeLabels {...parts} />
        ) : null}
        {isPhoto && look.picture ? <MakePreparation {...parts} /> : null}
        {look.task && takesPictures(look.task) ? <MakeScores {...parts} /> : null}
        <MakeGolden {...parts} />
        <MakeMore {...parts} />
      </div>
      <MakePane {...parts} />
    </form>
  );
}

function focusFirstWrong(form: HTMLElement | null): void {
  const field = form?.querySelector<HTMLElement>('.make-field.is-wrong');
  field?.querySelector<HTMLElement>('input:not([type=hidden]), textarea, button')?.focus();
  field?.scrollIntoView({ block: 'center' });
}
