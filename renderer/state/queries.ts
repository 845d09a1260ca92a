import { keepPreviousData, useQueries, useQuery } from '@tanstack/react-query';
import type { ModelSummary } from '../../contract/model.ts';
import { valueOf } from './client.ts';

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

/** Whether a search can look among labels: only what main has told is searched. */
export function useLabelsAreTold(): boolean {
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

/** The model that answers in Try: the chosen one, else the first that may answer photos. */
export function useModelInUse(): ModelSummary | null {
  const models = useModels().data;
  const chosen = useSettings().data?.model ?? null;
  return models ? modelInUse(models, chosen) : null;
}

export function modelInUse(models: readonly ModelSummary[], chosen: string | null): ModelSummary | null {
  const fit = models.filter((model) => model.task === 'image-classification' && canAnswer(model));
  const named = fit.filter((model) => model.ref === chosen || model.id === chosen);
  return running(named) ?? running(fit) ?? null;
}

/** Of several versions the one that answers when none is named. */
export const running = (versions: readonly ModelSummary[]): ModelSummary | undefined =>
  versions.find((model) => model.label === 'stable') ??
  versions.find((model) => model.state === 'active') ??
  versions[0];

export const canAnswer = (model: ModelSummary): boolean =>
  model.state !== 'refused' && model.state !== 'quarantined';
/** An id lets the version that answers now answer; a version that was named stays that version. */
export const nameInUse = (model: ModelSummary, chosen: string | null): string =>
  chosen === model.ref ? model.ref : model.id;

/** All versions of a model that are here, with the one that stands for them. */
export type ModelGroup = { readonly id: string; readonly shown: ModelSummary };
export function grouped(models: readonly ModelSummary[]): readonly ModelGroup[] {
  const ids = [...new Set(models.map((model) => model.id))];
  return ids.flatMap((id) => {
    const shown = running(models.filter((model) => model.id === id));
    return shown ? [{ id, shown }] : [];
  });
}
