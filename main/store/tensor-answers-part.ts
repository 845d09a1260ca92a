import type { TensorAnswerStore } from './tensor-answers-door.ts';
import type { Threads } from './threads.ts';

/** The part of the door for answers of tensor requests. */
export function tensorAnswersPart({ ask, write }: Threads): TensorAnswerStore {
  return {
    tensorAnswer: (key) => ask('tensor-answer', key, null),
    putTensorAnswer: (key, entry) => write({ kind: 'put-tensor-answer', key, entry }),
  };
}
