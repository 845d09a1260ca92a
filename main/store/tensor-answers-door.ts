import type { ResultKeyParts } from '../../contract/result-key.ts';

/** What an answer of tensors is stored with; `input` is the digest of all inputs, with their names, types and shapes. */
export type TensorAnswerEntry = ResultKeyParts & {
  readonly model: string;
  readonly version: string;
  /** ISO 8601. */
  readonly at: string;
  /** Every output of the graph, in whatever form the asker reads back; the store looks at no byte of it. */
  readonly outputs: Uint8Array;
};

export type TensorAnswerStore = {
  /** The outputs stored under this result key. */
  tensorAnswer(key: string): Promise<Uint8Array | null>;
  /** Not awaited; dropped when the disk takes nothing, since it can be computed again. */
  putTensorAnswer(key: string, entry: TensorAnswerEntry): void;
};
