type Steps = readonly { readonly op: string; readonly order?: string }[];

/**
 * Whether the first dimension of a model's input is the batch; true unless the `layout` step has an order without N.
 */
export const takesRows = (steps: Steps): boolean =>
  steps.find(({ op }) => op === 'layout')?.order?.startsWith('N') ?? true;
