/** What a path under /v1 asks for. `version` is a run of digits; never both a version and a label. */
export type TfsPath = {
  readonly verb: 'predict' | 'classify' | 'regress' | 'status' | 'metadata';
  /** Null for `/v1/models` alone. */
  readonly model: string | null;
  readonly version?: string;
  readonly label?: string;
};

/* TensorFlow Serving's own matchers (http_rest_api_handler.cc): case-insensitive, over the whole path. */
const target = String.raw`(?:/versions/(\d+)|/labels/([^/:]+))?`;
const posted = new RegExp(`^/v1/models/([^/:]+)${target}:(classify|regress|predict)$`, 'iu');
const got = new RegExp(`^/v1/models(?:/([^/:]+))?${target}(?:/(metadata))?$`, 'iu');

/** The meaning of method and path (as sent, without its query), or null when TensorFlow Serving calls it malformed. */
export function readPath(method: string, path: string): TfsPath | null {
  const direct = matched(method, path);
  if (direct !== null) return decoded(direct);
  // Some clients write the colon before the verb as %3A.
  const whole = decodedText(path);
  return whole === null || whole === path ? null : matched(method, whole);
}

function matched(method: string, path: string): TfsPath | null {
  if (method !== 'POST' && method !== 'GET') return null;
  const found = (method === 'POST' ? posted : got).exec(path);
  if (found === null) return null;
  const [, model, version, label, word] = found;
  const verb = (word ?? 'status').toLowerCase() as TfsPath['verb'];
  return {
    verb,
    model: model ?? null,
    ...(version !== undefined && { version }),
    ...(label !== undefined && { label }),
  };
}

function decoded(path: TfsPath): TfsPath | null {
  const model = path.model === null ? null : decodedText(path.model);
  const label = path.label === undefined ? undefined : decodedText(path.label);
  if ((path.model !== null && model === null) || label === null) return null;
  return { ...path, model, ...(label !== undefined && { label }) };
}

function decodedText(text: string): string | null {
  if (!text.includes('%')) return text;
  try {
    return decodeURIComponent(text);
  } catch {
    return null;
  }
}
