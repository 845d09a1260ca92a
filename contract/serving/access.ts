import { z } from 'zod';
import { Fault } from '../faults/faults.ts';
import { PackId } from '../ids.ts';
import { TaskId } from '../tasks/index.ts';
import { TensorSpec } from '../tensors/tensor.ts';

/** The name that a program gives itself: one line of at most 60 characters, shown as plain text. */
export const ProgramName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  // Invisible characters and marks that change the text direction could make one name look like another.
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
export const TokenId = z.string().regex(/^[0-9a-f]{16}$/u);
/** The models of a token: ids, or the exact folder names of bare models, which contain no slash. */
export const AskedModel = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]+$/u);
const AskedModels = z.array(AskedModel).min(1).max(100).nullable();

/** A program with access, without its secret. Times as ISO 8601. */
export const AccessToken = z.strictObject({
  id: TokenId,
  name: ProgramName,
  /** Null: all models. */
  models: AskedModels,
  /** May also load, unload and resize models. */
  isControl: z.boolean(),
  /** The last characters of the token, by which a person recognises it. */
  tail: z.string().length(4),
  createdAt: z.string(),
  /** Updated at most once a minute. */
  lastUsedAt: z.string().nullable(),
  revokedAt: z.string().nullable(),
});
export type AccessToken = z.infer<typeof AccessToken>;

export const TokenRequest = z.strictObject({
  name: ProgramName,
  models: AskedModels,
  isControl: z.boolean(),
});
export type TokenRequest = z.infer<typeof TokenRequest>;

/** The only reply that contains the text of a token. */
export const NewToken = z.strictObject({ token: AccessToken, text: z.string() });
export type NewToken = z.infer<typeof NewToken>;

/** A program that requested a token and waits for a person's decision. */
export const ConsentRequest = z.strictObject({
  id: z.string().max(40),
  program: ProgramName,
  models: AskedModels,
  at: z.string(),
});
export type ConsentRequest = z.infer<typeof ConsentRequest>;

/*
 * The switch of the API page.
 *
 *   off ──on──> starting ──> on ──off──> off
 *                  └──> failed ──another port, or on again──> starting
 */
export const ApiState = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('off') }),
  z.strictObject({ kind: z.literal('starting') }),
  z.strictObject({ kind: z.literal('on'), address: z.string(), port: z.number().int() }),
  /** `freePort`: an unused port, when the configured one is taken. */
  z.strictObject({ kind: z.literal('failed'), fault: Fault, freePort: z.number().int().nullable() }),
]);
export type ApiState = z.infer<typeof ApiState>;

/** A request as listed on the page; `seq` distinguishes two of the same millisecond. */
export const ApiRequest = z.strictObject({
  seq: z.number().int(),
  /** Milliseconds since 1970. */
  at: z.number(),
  method: z.string(),
  path: z.string(),
  status: z.number().int(),
  ms: z.number(),
  program: z.string().nullable(),
  model: z.string().nullable(),
  /** The fault of a refused or failed request; null when it was answered, and when the connection broke. */
  why: Fault.nullable(),
});
export type ApiRequest = z.infer<typeof ApiRequest>;

/** A model in the examples of the page. */
export const ApiModel = z.strictObject({
  id: PackId,
  version: z.string(),
  title: z.string(),
  task: TaskId,
  inputs: z.array(TensorSpec),
  /** Path of one of its sample photos on this computer. */
  sample: z.string().nullable(),
});
export type ApiModel = z.infer<typeof ApiModel>;

/** What the API page shows. */
export const ApiReport = z.strictObject({
  state: ApiState,
  /** Newest first, without revoked ones. */
  tokens: z.array(AccessToken),
  pending: z.array(ConsentRequest),
  limits: z.strictObject({
    maxBodyBytes: z.number().int(),
    timeoutMs: z.number().int(),
    maxQueue: z.number().int(),
  }),
});
export type ApiReport = z.infer<typeof ApiReport>;
