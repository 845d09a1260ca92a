import type { Engine } from '../types.ts';
import { findGroups } from './groups.ts';
import { findSimilar } from './similar.ts';
import type { SimilarParts } from './similar.ts';

/** Photos that are like one another, by the feature vectors of their answers. */
export const createSimilar = (parts: SimilarParts): Pick<Engine, 'similar' | 'similarGroups'> => ({
  similar: (request, options = {}) => findSimilar(parts, request, options),
  similarGroups: (request) => findGroups(parts, request),
});
