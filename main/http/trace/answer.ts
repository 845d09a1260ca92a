import { SpanStatusCode } from '@opentelemetry/api';
import type { Context, Span, Tracer } from '@opentelemetry/api';
import type { Asked, Ended } from './follow.ts';

export type Within = { readonly span: Span; readonly context: Context };

/** The spans of something that was asked, made when it is over: their times are counted back from now. */
export function addAnswer(tracer: Tracer, { span, context }: Within, answer: Asked & Ended): void {
  const { model, version, kind, code, client, rows, batchRows, isCached, queueMs, runMs } = answer;
  const attributes = {
    'outpost.model': model,
    'outpost.version': version,
    'outpost.kind': kind,
    'outpost.code': code,
    'outpost.rows': rows,
    'outpost.batch_rows': batchRows,
    'outpost.cached': isCached,
  };
  span.setAttributes({ ...attributes, 'outpost.client': client });
  const endAt = Date.now();
  const runAt = endAt - runMs;
  const add = (name: string, startTime: number, endTime: number): void => {
    const child = tracer.startSpan(name, { startTime, attributes }, context);
    if (code !== 'ok') child.setStatus({ code: SpanStatusCode.ERROR, message: code });
    child.end(endTime);
  };
  add('queue', runAt - queueMs, runAt);
  if (runMs > 0) add('run', runAt, endAt);
}
