import { touchRecord } from './records.ts';
import { laterChange } from './declare.ts';
import { touchTensorResult } from './tensor-results.ts';

/** What a change of this kind takes while it is gathered. */
const bytesOfUse = 128;

export const usageQueries = {
  changes: {
    /** Another process read this stored answer, of a photo or of tensors. */
    noteUse: laterChange({
      run: (db, key: string, usedAtMs: number) => {
        touchRecord(db, key, usedAtMs);
        touchTensorResult(db, key, usedAtMs);
      },
      marks: () => [],
      expendableBytes: () => bytesOfUse,
    }),
  },
};
