import { z } from 'zod';
import { Fault } from './faults.ts';
import { PackId } from './ids.ts';
import { TaskId } from './tasks/index.ts';
import { TensorSpec } from './tensor.ts';

/** How a program calls itself: one line of at most 60 characters, shown as text. */
export const ProgramName = z
  .string()
  .trim()
  .min(1)
  .max(60)
  // Letters that cannot be seen, or turn the reading direction, could make one name look like another.
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+$/u);
export const TokenId = z.string().regex(/^[0-9a-f]{16}$/u);
/** What a token may ask for: ids, or the exact names of bare models' folders, which hold no slash. */
export const AskedModel = z
  .string()
  .min(1)
  .max(255)
  .regex(/^[^\p{Cc}\p{Cf}\p{Zl}\p{Zp}/\\]+$/u);
const AskedModels = z.array(AskedModel).min(1).max(100).nullable();

/** A program that may ask, without its secret. Times as ISO 8601. */
export const AccessToken = z.strictObject({
  id: TokenId,
  name: ProgramName,
  /** Null: every model. */
  models: AskedModels,
  /** May load, unload and resize. */
  isControl: z.boolean(),
  /** Last characters of the text, to know it again by. */
  tail: z.string().length(4),
  createdAt: z.string(),
  /** Written at most once a minute. */
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

/** The only time that the text of a token is told. */
export const NewToken = z.strictObject({ token: AccessToken, text: z.string() });
export type NewToken = z.infer<typeof NewToken>;

/** A program that asked for a token and waits for a person. */
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
  /** `freePort`: one that nothing listens on now, where the chosen one is taken. */
  z.strictObject({ kind: z.literal('failed'), fault: Fault, freePort: z.number().int().nullable() }),
]);
export type ApiState = z.infer<typeof ApiState>;

/** A request as the page lists it; `seq` tells two of the same moment apart. */
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
  /** Why it was refused or went wrong; null where it was answered, and where the connection broke. */
  why: Fault.nullable(),
});
export type ApiRequest = z.infer<typeof ApiRequest>;

/** A model as the examples of the page call it. */
export const ApiModel = z.strictObject({
  id: PackId,
  version: z.string(),
  title: z.string(),
  task: TaskId,
  inputs: z.array(TensorSpec),
  /** Where a photo of its own samples lies on this computer. */
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
