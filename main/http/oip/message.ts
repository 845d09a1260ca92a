/** What a request may say besides its tensors: flat, as the protocol has it. */
export type Parameters = Readonly<Record<string, string | number | boolean>>;

/** One input as it was written; `data` is null for one whose bytes stand behind the JSON. */
export type WrittenInput = {
  readonly name: string;
  readonly datatype: string;
  readonly shape: readonly number[];
  readonly parameters: Parameters;
  readonly data: Uint8Array | null;
};
export type WrittenOutput = { readonly name: string; readonly parameters: Parameters };

/** The JSON of an inference request. */
export type InferMessage = {
  readonly id: string | null;
  readonly parameters: Parameters;
  readonly inputs: readonly WrittenInput[];
  readonly outputs: readonly WrittenOutput[];
};
