import type { Outcome } from '../../../contract/faults.ts';
import type { PreprocessingStep } from '../../../contract/picture-steps.ts';
import type { Result, ResultRequest } from '../../../contract/tasks/index.ts';
import type { LoadSpec } from '../../../contract/wire.ts';
import type { Picture } from '../decoder.ts';
import type { Session } from '../session.ts';

/** An input as a task sees it; its bytes were read already. */
export type TaskInput = {
  readonly name: string;
  /** The picture as these steps decode it. A task may look more than once, and the time of each look is counted. */
  picture(steps: readonly PreprocessingStep[]): Promise<Outcome<Picture>>;
};

/** A loaded model that answers inputs: what goes into the graph is prepared, and what comes out is interpreted. */
export type OpenedTask = {
  answer(input: TaskInput, request: ResultRequest): Promise<Outcome<Result>>;
};

/** `file`: the name of the model's file, for faults. */
export type TaskModel = { readonly session: Session; readonly spec: LoadSpec; readonly file: string };

/** Checks once that the graph can be fed and read as the manifest says. Fault: `onnx-mismatch`. */
export type OpenTask = (model: TaskModel) => Outcome<OpenedTask>;
