import type { Engine } from '../types.ts';
import { findGroups } from './groups.ts';
import { findSimilar, prepareSimilar } from './similar.ts';
import type { SimilarParts } from './similar.ts';

/** Photos that are like one another, by the feature vectors of their answers. */
export const createSimilar = (
  parts: SimilarParts,
): Pick<Engine, 'similar' | 'similarGroups' | 'prepareSimilar'> => ({
  similar: (request, options = {}) => findSimilar(parts, request, options),
  prepareSimilar: () => prepareSimilar(parts),
  similarGroups: (request) => findGroups(parts, request),
});
