import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { ModelSummary } from '../../contract/packs/model.ts';
import { valueOf } from './client.ts';
import { modelInUse } from './model-in-use.ts';

export const useInfo = () => useQuery({ queryKey: ['info'], queryFn: () => valueOf('app.info', undefined) });
export const useStatus = () =>
  useQuery({ queryKey: ['status'], queryFn: () => valueOf('app.status', undefined), refetchInterval: 5000 });
export const useStore = () =>
  useQuery({ queryKey: ['store'], queryFn: () => valueOf('app.store', undefined) });
export const useSettings = () =>
  useQuery({ queryKey: ['settings'], queryFn: () => valueOf('settings.get', undefined) });
export const useModels = () =>
  useQuery({ queryKey: ['models'], queryFn: () => valueOf('models.list', undefined) });
const detailOf = (model: string) => ({
  queryKey: ['models', model] as const,
  queryFn: () => valueOf('models.show', { model }),
});
export const useModelDetail = (model: string) => useQuery(detailOf(model));

/** All that a model can call a photo, or things on it; none before they are wanted. */
export function useModelLabels(
  model: string,
  isWanted: boolean,
): readonly { readonly id: string; readonly name: string }[] {
  const detail = useQuery({ ...detailOf(model), enabled: isWanted }).data;
  const { labelNames = [], labelIds = [], nameLabels = [] } = detail ?? {};
  return [...labelNames.map((name, at) => ({ id: labelIds[at] ?? name, name })), ...nameLabels];
}

/** Whether a search can look among labels: only labels that main has sent are searched. */
export function useAreLabelsLoaded(): boolean {
  const models = useModels().data ?? [];
  return useQueries({
    queries: models.map((model) => ({ ...detailOf(model.ref), enabled: false })),
    combine: (details) => details.some(({ data }) => data?.labelNames !== undefined),
  });
}

/** Ids of the models that have a label with this in its name. */
export function useModelsWithLabel(search: string): ReadonlySet<string> {
  const all = useModels().data ?? [];
  const models = search === '' ? [] : all;
  return useQueries({
    queries: models.map((model) => detailOf(model.ref)),
    combine: (details) =>
      new Set(
        details.flatMap(({ data }) =>
          data?.labelNames?.some((name) => name.toLocaleLowerCase().includes(search)) ? [data.model.id] : [],
        ),
      ),
  });
}
export const useSamples = (model: string | null) =>
  useQuery({
    queryKey: ['samples', model],
    queryFn: () => valueOf('files.samples', { model: model ?? '' }),
    enabled: model !== null,
  });
/** Where a file lies, for a person to read. */
export const usePlace = (ref: string) =>
  useQuery({ queryKey: ['place', ref], queryFn: () => valueOf('files.place', { ref }) });
/** Pixels of a picture, once it is worth asking: whoever makes its thumbnail learns them on the way. */
export const useCacheStats = () =>
  useQuery({
    queryKey: ['cache'],
    queryFn: () => valueOf('cache.stats', undefined),
    placeholderData: keepPreviousData,
  });
export const useProviders = () =>
  useQuery({ queryKey: ['providers'], queryFn: () => valueOf('doctor.providers', undefined) });
export const useShapes = () =>
  useQuery({ queryKey: ['shapes'], queryFn: () => valueOf('doctor.shapes', undefined) });

/** What answers in Try; null while there is no model for photos. */
export function useModelInUse(): ModelSummary | null {
  const models = useModels().data;
  const chosen = useSettings().data?.model ?? null;
  return models ? modelInUse(models, chosen) : null;
}
