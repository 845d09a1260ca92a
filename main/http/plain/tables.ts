import type { FastifyReply } from 'fastify';
import type { ServedVersion } from '../../../contract/serving.ts';
import type { HttpContext } from '../context.ts';
import { refuse } from '../refuse.ts';
import { chooseType } from './accept.ts';
import { tableTensors } from './csv/matrix.ts';
import { printTensors, tableOf } from './csv/write.ts';
import { goneSignal } from './gone.ts';
import type { NamedBytes } from './pictures.ts';

type TableAsk = { readonly context: HttpContext; readonly served: ServedVersion };

/** A table whose columns are a model's inputs: the outputs as a table, or as the record of a tensor run. */
export async function answerTable(
  { context, served }: TableAsk,
  { name, bytes }: NamedBytes,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const begun = performance.now();
  const asked = tableTensors(bytes, served.inputs, context.limits.maxElements);
  if (!asked.ok) return refuse(reply, asked.fault);
  const { tensors, rows } = asked.value;
  const answer = await context.serving.infer({
    served,
    door: 'http',
    tensors,
    deadlineMs: context.limits.timeoutMs,
    signal: goneSignal(reply),
  });
  if (!answer.ok) return refuse(reply, answer.fault);
  const type = chooseType(reply.request.headers.accept, ['text/csv', 'application/json']);
  if (type === 'text/csv') {
    const text = tableOf(answer.value.tensors, rows);
    return text.ok
      ? reply.type('text/csv; charset=utf-8; header=present').send(text.value)
      : refuse(reply, text.fault);
  }
  const record = {
    input: name,
    model: served.id,
    version: served.shownVersion,
    packDigest: served.packDigest,
    durationMs: Math.round((performance.now() - begun) * 1000) / 1000,
    at: new Date().toISOString(),
    appVersion: context.appVersion,
    result: { task: 'tensor', outputs: printTensors(answer.value.tensors) },
  };
  return reply.type('application/json').send(`${JSON.stringify(record)}\n`);
}
