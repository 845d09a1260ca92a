import type { FastifyReply } from 'fastify';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { recordProvenance } from '../../../contract/runs/record.ts';
import type { ServedVersion } from '../../../contract/serving/serving.ts';
import { rawTask } from '../../../contract/tasks/index.ts';
import { asBuffer } from '../../lib/as-buffer.ts';
import type { HttpContext, Share } from '../server/index.ts';
import { bytesOf, disconnectSignal, ownCopies, refuse, shareOf } from '../server/index.ts';
import { chooseType } from './accept.ts';
import { mostTexts } from '../tensors/index.ts';
import type { TableTensors } from './csv/matrix.ts';
import type { NamedBytes } from './pictures.ts';

type TableAsk = { readonly context: HttpContext; readonly served: ServedVersion };

/** A table whose columns are a model's inputs: the outputs as a table, or as the record of a tensor run. */
export async function answerTable(
  { context, served }: TableAsk,
  { name, bytes }: NamedBytes,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const begun = performance.now();
  const signal = disconnectSignal(reply.request.raw.socket);
  const share = shareOf(reply.request.raw);
  const asked = await columnsOf(context, served, { bytes, signal, share });
  if (!asked.ok) return refuse(reply, asked.fault);
  const { tensors, rows } = asked.value;
  const answer = await context.serving.infer({
    served,
    client: 'http',
    tensors,
    deadlineMs: context.limits.timeoutMs,
    signal,
  });
  if (!answer.ok) return refuse(reply, answer.fault);
  const outputs = answer.value.tensors;
  const own = await ownCopies(outputs, share);
  const given = { bytes: bytesOf(own), signal, share };
  const type = chooseType(reply.request.headers.accept, ['text/csv', 'application/json']);
  if (type === 'text/csv') {
    const text = await context.threads.perform('writeTable', { tensors: own, rows }, given);
    return text.ok
      ? reply.type('text/csv; charset=utf-8; header=present').send(asBuffer(text.value))
      : refuse(reply, text.fault);
  }
  const printed = await context.threads.perform('printTensors', own, given);
  const provenance = recordProvenance({
    input: name,
    model: served.id,
    version: served.shownVersion,
    packDigest: served.packDigest,
    durationMs: performance.now() - begun,
    at: new Date().toISOString(),
    appVersion: context.appVersion,
  });
  const head = JSON.stringify(provenance).slice(0, -1);
  return reply
    .type('application/json')
    .send(
      Buffer.concat([
        Buffer.from(`${head},"result":{"task":"${rawTask}","outputs":`),
        asBuffer(printed),
        Buffer.from('}}\n'),
      ]),
    );
}

type Given = { readonly bytes: Buffer; readonly signal: AbortSignal; readonly share: Share };

async function columnsOf(
  { limits, threads }: HttpContext,
  { inputs }: ServedVersion,
  { bytes, ...given }: Given,
): Promise<Outcome<TableTensors>> {
  const maxRows = inputs.some(({ type }) => type === 'string')
    ? Math.min(mostTexts, limits.maxElements)
    : limits.maxElements;
  const work = { bytes, inputs, maxRows };
  return threads.perform('readTable', work, { ...given, bytes: bytes.byteLength });
}
