import { z } from 'zod';
import {
  FeedNotes,
  metadataLimitBytes,
  RootNotes,
  rootLimitBytes,
} from '../../../contract/lifecycle/feed.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { reason, type Reason } from '../../../contract/faults/reasons.ts';
import { parseStrictJson } from './strict-json.ts';

/* The shape of each metadata file, checked before the verifier sees it: what it would read loosely is refused here. */

export const roles = ['root', 'timestamp', 'snapshot', 'targets'] as const;
export type Role = (typeof roles)[number];

/** Leaves room to store a version and part of a hash in one number. */
const greatestVersion = 2 ** 31;
const version = z.number().int().min(1).max(greatestVersion);
/** In UTC with seconds: an invalid date would compare as never expired. */
const instant = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(?:\.\d{1,6})?Z$/u)
  .refine((text) => !Number.isNaN(Date.parse(text)));
const keyId = z.string().regex(/^[0-9a-f]{64}$/u);
const common = { spec_version: z.string().regex(/^1\.0(?:\.\d+)?$/u), version, expires: instant };
const meta = z.looseObject({
  version,
  length: z.number().int().min(1).max(metadataLimitBytes).optional(),
  hashes: z.record(z.string(), z.string()).optional(),
});
const role = z.strictObject({
  keyids: z.array(keyId).min(1).max(32),
  threshold: z.number().int().min(1).max(32),
});

const Root = z.looseObject({
  _type: z.literal('root'),
  ...common,
  consistent_snapshot: z.literal(true),
  keys: z.record(
    keyId,
    z.looseObject({
      keytype: z.string().max(40),
      scheme: z.string().max(40),
      keyval: z.looseObject({ public: z.string().min(1).max(4096) }),
    }),
  ),
  roles: z.strictObject({ root: role, timestamp: role, snapshot: role, targets: role }),
  'x-outpost': RootNotes,
});
const Timestamp = z.looseObject({
  _type: z.literal('timestamp'),
  ...common,
  meta: z.strictObject({ 'snapshot.json': meta }),
});
const Snapshot = z.looseObject({
  _type: z.literal('snapshot'),
  ...common,
  meta: z.looseObject({ 'targets.json': meta }),
});
const Targets = z.looseObject({
  _type: z.literal('targets'),
  ...common,
  targets: z.record(
    z.string().max(400),
    z.looseObject({
      length: z.number().int().min(0).max(Number.MAX_SAFE_INTEGER),
      hashes: z.looseObject({ sha256: z.string().regex(/^[0-9a-f]{64}$/u) }),
    }),
  ),
  'x-outpost': FeedNotes.extend({ issuedAt: instant }),
});
const shapes = { root: Root, timestamp: Timestamp, snapshot: Snapshot, targets: Targets } as const;

const Envelope = z.looseObject({
  signatures: z.array(z.looseObject({ keyid: z.string().max(200), sig: z.string().max(4096) })).max(64),
  signed: z.looseObject({}),
});

export type Signed<R extends Role> = z.infer<(typeof shapes)[R]>;
export type Document<R extends Role = Role> = {
  readonly role: R;
  /** Name in the feed, such as `7.snapshot.json`. */
  readonly file: string;
  readonly bytes: Buffer;
  readonly signed: Signed<R>;
  readonly signatures: readonly { readonly keyid: string; readonly sig: string }[];
};

export const limitOf = (role: Role): number => (role === 'root' ? rootLimitBytes : metadataLimitBytes);

/** Parses one metadata file strictly. Signatures are not verified yet. */
export function parseDocument<R extends Role>(
  role: R,
  { file, bytes }: { readonly file: string; readonly bytes: Buffer },
): Outcome<Document<R>> {
  const malformed = (why: Reason): Outcome<never> => failed('trust-malformed', { file, reason: why });
  if (bytes.byteLength > limitOf(role)) return malformed(reason('too-large', { limit: limitOf(role) }));
  const json = parseStrictJson(bytes, file);
  if (!json.ok) return json;
  const envelope = Envelope.safeParse(json.value);
  if (!envelope.success) return malformed(reasonOf(envelope.error));
  const signed = shapes[role].safeParse(envelope.data.signed);
  if (!signed.success) return malformed(reasonOf(signed.error));
  return ok({
    role,
    file,
    bytes,
    signed: signed.data as Signed<R>,
    signatures: envelope.data.signatures,
  });
}

/** Names the place and not the content: unverified text of a feed is never shown. */
function reasonOf(error: z.ZodError): Reason {
  const path = error.issues[0]?.path
    .map(String)
    .join('.')
    .replace(/[^\w.-]/gu, '?')
    .slice(0, 80);
  return path ? reason('part-not-as-must-be', { part: path }) : reason('no-metadata');
}
