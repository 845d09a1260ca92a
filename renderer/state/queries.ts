import { keepPreviousData, useQuery } from '@tanstack/react-query';
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
export const useModelDetail = (model: string) =>
  useQuery({ queryKey: ['models', model], queryFn: () => valueOf('models.show', { model }) });
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
  return fit.find((model) => model.ref === chosen || model.id === chosen) ?? fit[0] ?? null;
}

export const canAnswer = (model: ModelSummary): boolean =>
  model.state === 'active' || model.state === 'installed';
