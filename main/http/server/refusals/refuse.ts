import type { FastifyReply } from 'fastify';
import { faultTable } from '../../../../contract/faults/faults.ts';
import type { Fault } from '../../../../contract/faults/faults.ts';

/** Carries a fault over Fastify's road for errors. */
export class Refused extends Error {
  readonly fault: Fault;
  constructor(fault: Fault) {
    super(fault.message);
    this.fault = fault;
  }
}

/** The core's error body: `{"error", "code"}` with the fault's own status, or `status`; those that pass say when to come again. */
export function refuse(reply: FastifyReply, fault: Fault, status?: number): FastifyReply {
  const code = begin(reply, fault, status);
  const text = errorText(fault);
  if (isMuchOnItsWay(reply)) return refuseEarly(reply, code, text);
  return reply.code(code).type('application/json').send(text);
}

/** The same of a request whose body is on its way, as the last answer of its connection. */
export const refuseAndEnd = (reply: FastifyReply, fault: Fault): FastifyReply =>
  reply.request.headers.expect === undefined
    ? refuseEarly(reply, begin(reply, fault), errorText(fault))
    : refuse(reply, fault);

function begin(reply: FastifyReply, fault: Fault, status?: number): number {
  const code = status ?? faultTable[fault.code].http;
  reply.request.refusal = fault;
  if (code === 503 || code === 429) reply.header('retry-after', '1');
  if (code === 401) reply.header('www-authenticate', 'Bearer realm="Outpost"');
  return code;
}

export const errorText = ({ message, hint, code }: Fault): string =>
  `${JSON.stringify({ error: `${message} ${hint}`, code })}\n`;

/** A rest of this size is read and dropped, and the connection stays. */
const smallRest = 256 * 1024;
/** Longest that a refused body is still taken in. */
const lingerMs = 5_000;

function isMuchOnItsWay({ request: { raw, headers } }: FastifyReply): boolean {
  if (raw.complete || raw.destroyed || headers.expect !== undefined) return false;
  return headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > smallRest;
}

/** Answers whole at once, drops what still comes and then closes: closing first would take the answer from a client that is still writing. */
function refuseEarly(reply: FastifyReply, code: number, text: string): FastifyReply {
  const { raw, request } = reply;
  reply.hijack();
  for (const [name, value] of Object.entries(reply.getHeaders())) raw.setHeader(name, value ?? '');
  raw.writeHead(code, {
    'content-type': 'application/json',
    'content-length': Buffer.byteLength(text),
    connection: 'close',
  });
  raw.write(text);
  const end = (): void => {
    clearTimeout(timer);
    raw.end();
  };
  const timer = setTimeout(end, lingerMs);
  request.raw.once('end', end).once('close', end).resume();
  return reply;
}
