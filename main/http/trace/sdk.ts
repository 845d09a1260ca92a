import { AsyncLocalStorage } from 'node:async_hooks';
import {
  createTraceState,
  isSpanContextValid,
  ROOT_CONTEXT,
  SpanKind,
  SpanStatusCode,
  trace,
} from '@opentelemetry/api';
import type { Context } from '@opentelemetry/api';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BatchSpanProcessor, NodeTracerProvider } from '@opentelemetry/sdk-trace-node';
import type { SpanExporter } from '@opentelemetry/sdk-trace-node';
import type { Serving } from '../../serving/index.ts';
import { addAnswer } from './answer.ts';
import type { Within } from './answer.ts';
import { following } from './follow.ts';
import type { TraceSettings } from './settings.ts';
import type { RequestSpan, Tracing } from './tracing.ts';

type Log = (level: 'info' | 'warn' | 'error', text: string) => void;
const flushMs = 5_000;

/** Traces of one process. Nothing global of OpenTelemetry is set: a second one may run beside it. */
export function startTracing(
  options: TraceSettings & { readonly appVersion: string; readonly log: Log },
): Tracing {
  const { url, headers, resource, appVersion, log } = options;
  const exporter = reportLosses(new OTLPTraceExporter({ url, headers, timeoutMillis: flushMs }), url, log);
  const provider = new NodeTracerProvider({
    resource: resourceFromAttributes({ ...resource, 'service.version': appVersion }),
    spanProcessors: [new BatchSpanProcessor(exporter)],
  });
  const tracer = provider.getTracer('outpost', appVersion);
  const storage = new AsyncLocalStorage<Within>();
  const followed = new WeakSet<Serving>();
  return {
    begin: ({ name, traceparent, tracestate, attributes }) => {
      const parent = parentOf(traceparent, tracestate);
      const span = tracer.startSpan(name, { kind: SpanKind.SERVER, attributes }, parent);
      return requestSpan(storage, { span, context: trace.setSpan(parent, span) });
    },
    follow: (serving) => {
      if (followed.has(serving)) return serving;
      const made = following(serving, (asked) => {
        const within = storage.getStore();
        return within ? (end) => addAnswer(tracer, within, { ...asked, ...end }) : null;
      });
      followed.add(made);
      return made;
    },
    close: async () => {
      const late = new Promise<void>((resolve) => void setTimeout(resolve, flushMs).unref());
      await Promise.race([provider.shutdown().catch(() => {}), late]);
    },
  };
}

function requestSpan(storage: AsyncLocalStorage<Within>, within: Within): RequestSpan {
  const { span } = within;
  return {
    within: (work) => storage.run(within, work),
    end: (attributes, isFault) => {
      if (!span.isRecording()) return;
      span.setAttributes(attributes);
      if (isFault) span.setStatus({ code: SpanStatusCode.ERROR });
      span.end();
    },
  };
}

/** W3C Trace Context: version, trace, parent, flags; what is not written so starts a trace of its own. */
function parentOf(traceparent: string | undefined, tracestate: string | undefined): Context {
  const parts = /^(?!ff)[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-([0-9a-f]{2})(?:-.*)?$/u.exec(
    traceparent?.trim() ?? '',
  );
  const [, traceId = '', spanId = '', flags = '0'] = parts ?? [];
  const remote = {
    traceId,
    spanId,
    traceFlags: Number.parseInt(flags, 16) & 1,
    isRemote: true,
    ...(tracestate && { traceState: createTraceState(tracestate) }),
  };
  return isSpanContextValid(remote) ? trace.setSpanContext(ROOT_CONTEXT, remote) : ROOT_CONTEXT;
}

/** Logs once when traces stop arriving, and once when they arrive again. */
function reportLosses(exporter: SpanExporter, url: string, log: Log): SpanExporter {
  let isLost = false;
  return {
    export: (spans, done) =>
      exporter.export(spans, (result) => {
        const isNow = result.code !== 0;
        if (isNow !== isLost)
          log(
            isNow ? 'warn' : 'info',
            `Traces ${isNow ? `do not reach ${url}: ${result.error?.message ?? 'no reason'}` : `reach ${url} again`}`,
          );
        isLost = isNow;
        done(result);
      }),
    forceFlush: () => exporter.forceFlush?.() ?? Promise.resolve(),
    shutdown: () => exporter.shutdown(),
  };
}
