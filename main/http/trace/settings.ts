export type Environment = Readonly<Record<string, string | undefined>>;
export type TraceSettings = {
  /** Where traces are posted. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  /** What this service is called, and what else is known of it. */
  readonly resource: Readonly<Record<string, string>>;
};
type Log = (level: 'info' | 'warn' | 'error', text: string) => void;

/** What the standard variables ask for; null for no traces. What cannot be done is logged. */
export function settingsOf(env: Environment, log: Log): TraceSettings | null {
  if (env.OTEL_SDK_DISABLED?.trim().toLowerCase() === 'true') return null;
  const exporters = listOf(env.OTEL_TRACES_EXPORTER);
  if (exporters.includes('none')) return null;
  if (exporters.length > 0 && !exporters.includes('otlp')) {
    log('warn', `OTEL_TRACES_EXPORTER=${exporters.join(',')}: traces are sent by otlp alone, so none are`);
    return null;
  }
  const url = urlOf(env, exporters.includes('otlp'));
  if (url === null) return null;
  if (!URL.canParse(url)) {
    log('warn', `${url} is not an address to send traces to, so none are`);
    return null;
  }
  const protocol = env.OTEL_EXPORTER_OTLP_TRACES_PROTOCOL ?? env.OTEL_EXPORTER_OTLP_PROTOCOL;
  if (protocol === 'grpc') {
    log('warn', 'OTEL_EXPORTER_OTLP_PROTOCOL=grpc: traces are sent over HTTP alone, so none are');
    return null;
  }
  return {
    url,
    headers: pairsOf(env.OTEL_EXPORTER_OTLP_TRACES_HEADERS ?? env.OTEL_EXPORTER_OTLP_HEADERS),
    resource: {
      'service.name': 'outpost',
      ...pairsOf(env.OTEL_RESOURCE_ATTRIBUTES),
      ...(env.OTEL_SERVICE_NAME && { 'service.name': env.OTEL_SERVICE_NAME }),
    },
  };
}

/** Named for traces: as it is; named for all signals: with the path of traces. Asked for without a name: the standard place. */
function urlOf(env: Environment, isAsked: boolean): string | null {
  if (env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT) return env.OTEL_EXPORTER_OTLP_TRACES_ENDPOINT;
  const base = env.OTEL_EXPORTER_OTLP_ENDPOINT || (isAsked ? 'http://localhost:4318' : '');
  return base === '' ? null : `${base.replace(/\/+$/u, '')}/v1/traces`;
}

const listOf = (value: string | undefined): readonly string[] =>
  (value ?? '')
    .split(',')
    .map((word) => word.trim().toLowerCase())
    .filter((word) => word !== '');

/** `a=1,b=2`, with values percent-encoded. */
function pairsOf(value: string | undefined): Readonly<Record<string, string>> {
  const pairs = (value ?? '').split(',').flatMap((pair) => {
    const at = pair.indexOf('=');
    return at < 1 ? [] : [[pair.slice(0, at).trim(), decoded(pair.slice(at + 1).trim())] as const];
  });
  return Object.fromEntries(pairs);
}

function decoded(value: string): string {
  try {
    return decodeURIComponent(value);
  } catch {
    return value;
  }
}
