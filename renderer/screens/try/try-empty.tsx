import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Selection, SelectedFile } from '../../../contract/calls/calls.ts';
import { chooseFiles } from '../../actions/pick-files.ts';
import { trySelection } from '../../actions/try-selection.ts';
import { ChooseButton } from '../../parts/choose-button.tsx';
import { Corners } from '../../parts/corners.tsx';
import { Key } from '../../parts/key.tsx';
import { MiddleCut } from '../../parts/middle-cut.tsx';
import { useNumbers } from '../../parts/numbers.tsx';
import { Thumbnail } from '../../parts/thumbnail.tsx';
import { GroupsLink } from './groups/index.ts';
import { Runs } from './runs.tsx';
import { useModelInUse, useModels, useSamples } from '../../state/queries.ts';
import { AddModelMenu } from '../import/index.ts';
import { StartChoices } from './start-choices.tsx';
import { Thorough } from '../panes/index.ts';
import { useIsNarrow, useIsStacked, useIsWide } from '../../hooks/use-width.ts';

export function TryEmpty() {
  const { t } = useTranslation();
  const models = useModels();
  const model = useModelInUse();
  const samples = useSamples(model?.ref ?? null).data;
  const isNone = models.data !== undefined && (!model || samples?.files.length === 0);
  return (
    <div className="try-empty">
      <section className="drop-area" aria-label={t('try.dropAnywhere')}>
        <Corners />
        <h2 className="title">{t(models.data && !model ? 'try.noModel' : 'try.dropAnywhere')}</h2>
        <p className="reading muted">{t('try.answeredHere')}</p>
        <StartChoices />
        <div className="row">
          <ChooseButton kind="photos" tone="primary" autoFocus onClick={() => void chooseFiles('photos')} />
          <ChooseButton kind="folder" onClick={() => void chooseFiles('folder')} />
        </div>
        <Thorough />
        <p className="row muted">
          {t('try.orPaste')} <Key>{t('key.Ctrl')}</Key> <Key>V</Key>
        </p>
      </section>
      <Runs />
      <GroupsLink />
      <Samples selection={samples ?? null} isNone={isNone} />
    </div>
  );
}

function Samples({ selection, isNone }: { readonly selection: Selection | null; readonly isNone: boolean }) {
  const { t } = useTranslation();
  const columns = useColumnCount();
  const files = selection?.files.slice(0, columns) ?? [];
  return (
    <section className="samples">
      <div className="row samples-head">
        {isNone ? null : <h2 className="heading">{t('try.orOneOfThese')}</h2>}
        <AddModelLink />
      </div>
      <ul
        hidden={isNone}
        className="sample-cards"
        style={{ gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}
      >
        {selection
          ? files.map((file, index) => (
              <li key={file.ref}>
                <SampleCard file={file} onTry={() => void trySelection(selection, index)} />
              </li>
            ))
          : Array.from({ length: columns }, (_, index) => <li key={index} className="sample-card waiting" />)}
      </ul>
    </section>
  );
}

function useColumnCount(): number {
  const isWide = useIsWide();
  const isNarrow = useIsNarrow();
  const isStacked = useIsStacked();
  return isWide ? 6 : isStacked ? 3 : isNarrow ? 4 : 5;
}

function AddModelLink() {
  const { t } = useTranslation();
  return (
    <AddModelMenu>
      <button type="button" className="link end">
        {t('try.addModel')}
      </button>
    </AddModelMenu>
  );
}

function SampleCard({ file, onTry }: { readonly file: SelectedFile; readonly onTry: () => void }) {
  const numbers = useNumbers();
  const [shown, setShown] = useState({ width: 0, height: 0 });
  // What Chromium cannot show comes as a copy of at most this size.
  const pixels = [0, 2048].includes(Math.max(shown.width, shown.height)) ? null : shown;
  return (
    <button type="button" className="sample-card" onClick={onTry}>
      <Thumbnail photo={file.ref} edge="photo" onShown={setShown} />
      <span className="sample-words">
        <span className="sample-title cut" title={file.title ?? file.name}>
          {file.title ?? file.name}
        </span>
        <span className="row small muted sample-facts">
          <MiddleCut text={pixels ? `${file.name},` : file.name} />
          {pixels ? (
            <span className="number">
              {numbers.count(pixels.width)} × {numbers.count(pixels.height)}
            </span>
          ) : null}
        </span>
      </span>
    </button>
  );
}
