type ModelVersionProps = {
  readonly title: string;
  readonly version: string;
  readonly before?: string;
  readonly after?: string;
};

/** A model with its version among other facts, in one line: where that is short the model's title is cut, and nothing else before it. */
export function ModelVersion({ title, version, before = '', after = '' }: ModelVersionProps) {
  return (
    <span className="model-version" title={`${before}${title} ${version}${after}`}>
      <span>{before}</span>
      <span>{title}</span>
      <span>{` ${version}${after}`}</span>
    </span>
  );
}
