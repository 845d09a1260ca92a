import { touchAnswer } from './answers.ts';
import { laterChange } from './declare.ts';
import { touchTensorAnswer } from './tensor-answers.ts';

/** What a change of this kind takes while it is gathered. */
const bytesOfUse = 128;

export const useQueries = {
  changes: {
    /** Another process read this stored answer, of a photo or of tensors. */
    noteUse: laterChange({
      run: (db, key: string, usedAtMs: number) => {
        touchAnswer(db, key, usedAtMs);
        touchTensorAnswer(db, key, usedAtMs);
      },
      marks: () => [],
      expendableBytes: () => bytesOfUse,
    }),
  },
};
