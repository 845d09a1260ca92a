import { isIP } from 'node:net';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { z } from 'zod';
import { AskedModel, ProgramName } from '../../../../contract/serving/access.ts';
import { failed, fault, ok } from '../../../../contract/faults/faults.ts';
import type { Fault, Outcome } from '../../../../contract/faults/faults.ts';
import type { HttpContext } from '../context.ts';
import type { ConsentPort } from '../types.ts';
import { refuse } from '../refusals/refuse.ts';
import { disconnectSignal } from '../disconnect-signal.ts';
import { askLimit } from './limit.ts';

/** The one path that the gate lets through without a token; host and origin are checked there all the same. */
export const consentPath = '/access';

const maxBytes = 16 * 1024;
/** How long a person has, as the window gives it; said to a program that nobody answered. */
const waitSeconds = 120;
const Asked = z.strictObject({ program: ProgramName, models: z.array(AskedModel).min(1).max(100).nullish() });
type Asked = z.infer<typeof Asked>;

/**
 * `POST /access` with `{"program": "Lab notebook", "models": ["efficientnet-lite0"] | null}` from this computer: answers
 * when a person has decided, 200 `{"token": …}`, 403 or 408. The program may hang up; then nobody is asked any more.
 */
export function consentRoutes(app: FastifyInstance, _context: HttpContext, consent: ConsentPort): void {
  const mayAskNow = askLimit();
  app.post(consentPath, async (request, reply) => {
    if (!isLoopback(request.socket.remoteAddress))
      return refuse(reply, fault('token-not-allowed', { program: 'Another computer', what: 'a token' }));
    const asked = read(request.body);
    if (!asked.ok) return refuse(reply, asked.fault);
    if (!mayAskNow()) return refuseAsking(reply, fault('access-busy'));
    const { program, models } = asked.value;
    const answer = await consent.ask({
      program,
      models: models ?? null,
      signal: disconnectSignal(reply.request.raw.socket),
    });
    // Nothing that is between must keep a token.
    reply.header('cache-control', 'no-store');
    if (answer === null) return refuse(reply, fault('access-unanswered', { seconds: waitSeconds }));
    return 'fault' in answer ? refuseAsking(reply, answer.fault) : { token: answer.token };
  });
}

function read(body: unknown): Outcome<Asked> {
  const malformed = (what: string, reason: string) => failed('request-malformed', { what, reason });
  if (!(body instanceof Uint8Array) || body.byteLength === 0)
    return malformed('The body', 'it has to be {"program": name, "models": [id, …] or null}');
  if (body.byteLength > maxBytes) return failed('body-too-large', { limit: maxBytes });
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    return malformed('The body', 'it is not JSON');
  }
  const parsed = Asked.safeParse(value);
  if (parsed.success) return ok(parsed.data);
  const issue = parsed.error.issues[0];
  if (issue?.path[0] === 'program')
    return malformed('program', 'it has to be a name of 1 to 60 letters on one line');
  if (issue?.path[0] === 'models')
    return malformed('models', 'it has to be a list of 1 to 100 model ids, or null for all');
  return malformed('The body', issue?.message ?? 'it is not as documented');
}

/** Absent: a socket file, which only this computer has. */
function isLoopback(address: string | undefined): boolean {
  if (address === undefined || isIP(address) === 0) return true;
  return address === '::1' || /^(?:::ffff:)?127\./u.test(address);
}

function refuseAsking(reply: FastifyReply, why: Fault): FastifyReply {
  if (why.code === 'access-busy') reply.header('retry-after', '1');
  return refuse(reply, why);
}
