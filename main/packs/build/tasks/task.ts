/** Which program wrote a model's file, where its way of writing is known. */
export type Exporter = 'ultralytics' | 'skl2onnx' | 'tf2onnx' | 'pytorch' | 'other';

export type PictureInput = {
  readonly name: string;
  readonly order: 'NCHW' | 'NHWC';
  readonly height: number | null;
  readonly width: number | null;
};

/** What a file states, before anybody is asked. */
export type Stated = {
  readonly exporter: Exporter;
  readonly metadata: Readonly<Record<string, string>>;
  /** The input that can hold a picture, where there is one. */
  readonly picture: PictureInput | null;
};

/** A task that the file leaves no doubt about: the preset that its exporter's users follow, and what a person should know. */
export type Recognised = { readonly preset: string; readonly note?: string };

/** How a model file of a task is recognised; null where it may be of another. Asked in the order of the tasks. */
export type Recognise = (stated: Stated) => Recognised | null;
