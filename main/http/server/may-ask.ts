import { fault } from '../../../contract/faults/faults.ts';
import type { Serving } from '../../serving/index.ts';
import type { HttpContext } from './context.ts';

/**
 * Whether a caller's list of models has this one, under whichever of its two names either says it: what clients call it,
 * or the id of its files. Names are told apart letter for letter.
 */
export function mayAskOf({ find }: Pick<Serving, 'find'>): HttpContext['mayAsk'] {
  const packIdOf = (id: string): string | null => {
    const found = find({ id });
    return found.ok ? found.value.packId : null;
  };
  return ({ models, program }, model) => {
    if (models === null || models.includes(model)) return null;
    const meant = packIdOf(model);
    const isAllowed = meant !== null && models.some((each) => packIdOf(each) === meant);
    return isAllowed ? null : fault('token-not-allowed', { program, what: model.slice(0, 80) });
  };
}
