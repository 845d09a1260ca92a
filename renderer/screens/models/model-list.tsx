import { useState } from 'react';
import { IconSearch } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';
import { useCell } from '../../state/cell.ts';
import { isListed, useTimelines } from '../../state/lifecycle.ts';
import { shownModel } from '../../state/navigation.ts';
import { grouped } from '../../state/model-in-use.ts';
import { useAreLabelsLoaded, useModelInUse, useModels } from '../../state/queries.ts';
import { AddModel } from './add-model.tsx';
import { ModelTile } from './model-tile.tsx';
import { ModelDetailPane } from './model-detail.tsx';
import { NewModel } from './new-model.tsx';
import { useLabelSearch } from './use-label-search.ts';

/** One card for each model, and the chosen one in full. */
export function ModelList() {
  const { t } = useTranslation();
  const models = useModels().data;
  // There is no event for the counts: refetch on mount.
  const timelines = useTimelines('always').data ?? [];
  const inUse = useModelInUse();
  const chosen = useCell(shownModel);
  const [search, setSearch] = useState('');
  const groups = grouped(models ?? []);
  const away = timelines.filter((one) => groups.every((group) => group.id !== one.model));
  const awayListed = away.filter((one) => isListed(one) || one.model === chosen);
  const matches = useLabelSearch(search);
  const label = t(useAreLabelsLoaded() ? 'models.search' : 'models.searchNames');
  const found = groups.filter(({ shown }) =>
    matches(shown.id, `${shown.title} ${shown.summary} ${shown.id}`),
  );
  const foundAway = awayListed.filter((one) => matches(one.model, `${one.title} ${one.model}`));
  const isKnown = groups.some(({ id }) => id === chosen) || away.some((one) => one.model === chosen);
  const asked = (isKnown ? chosen : null) ?? inUse?.id ?? groups[0]?.id ?? awayListed[0]?.model ?? null;
  const hits = [...found.map(({ id }) => id), ...foundAway.map((one) => one.model)];
  // A search that leaves out what was open shows the first of what it found, and nothing that it did not find.
  const wanted = search.trim() === '' || (asked !== null && hits.includes(asked)) ? asked : (hits[0] ?? null);
  const shown = groups.find((group) => group.id === wanted) ?? null;
  const shownAway = away.find((one) => one.model === wanted) ?? null;
  return (
    <div className="models">
      <div className="model-side">
        <div className="model-search">
          <label className="field">
            <IconSearch size={16} stroke={1.5} aria-hidden="true" />
            <input
              type="search"
              data-search
              value={search}
              placeholder={label}
              aria-label={label}
              onChange={(event) => setSearch(event.target.value)}
            />
          </label>
        </div>
        <nav className="model-cards" aria-label={t('models.list')}>
          <ul>
            {found.map((group) => (
              <li key={group.id}>
                <ModelTile
                  model={group.shown}
                  timeline={timelines.find((one) => one.model === group.id) ?? null}
                  isShown={group.id === wanted}
                  isInUse={group.id === inUse?.id}
                />
              </li>
            ))}
            {foundAway.map((one) => (
              <li key={one.model}>
                <ModelTile model={null} timeline={one} isShown={one.model === wanted} isInUse={false} />
              </li>
            ))}
          </ul>
          {models && found.length + foundAway.length === 0 ? (
            <p className="muted section">
              {search === '' ? t('models.none') : t('models.noneFound', { search })}
            </p>
          ) : null}
        </nav>
        <AddModel />
      </div>
      {shown ? (
        <ModelDetailPane key={shown.id} summary={shown.shown} isInUse={shown.id === inUse?.id} />
      ) : shownAway ? (
        <NewModel key={shownAway.model} timeline={shownAway} />
      ) : (
        <div />
      )}
    </div>
  );
}
