import { Root } from '@tufjs/models';
import type { Key } from '@tufjs/models';
import { failed, fault, ok } from '../../contract/faults/faults.ts';
import type { Outcome } from '../../contract/faults/faults.ts';
import { signingOf } from './change.ts';
import { defaultDays, expiry } from './dates.ts';
import { makeKey } from './keys/ring.ts';
import type { KeyRing, NewKey, Passphrase } from './keys/ring.ts';
import { rootName } from './layout.ts';
import { keyNames, withNotes } from './notes.ts';
import { publish, writeInOrder } from './publish.ts';
import { changing } from './session.ts';
import type { FeedChange } from './session.ts';
import { fileBytes, signersFor, signWith } from './sign.ts';
import type { FeedState } from './state.ts';
import { targetFiles } from './targets.ts';

export type KeyRole = 'root' | 'packs' | 'online';
export type RotateOptions = FeedChange & {
  readonly role: KeyRole;
  /** Name of the key that is retired; packs and online have one, so it need not be named. */
  readonly replace?: string;
  /** Adds a root key and retires none. */
  readonly addRootKey?: boolean;
  readonly rootThreshold?: number;
  /** Where the new key is put, and what seals it. */
  readonly newKeys: string;
  readonly passphrase: Passphrase;
  readonly rootDays?: number;
};
export type Rotated = {
  readonly rootVersion: number;
  readonly added: { readonly name: string; readonly id: string; readonly folder: string };
  readonly retired: readonly { readonly name: string; readonly id: string }[];
};

const rolesOf: Readonly<Record<KeyRole, readonly ('root' | 'targets' | 'snapshot' | 'timestamp')[]>> = {
  root: ['root'],
  packs: ['targets'],
  online: ['snapshot', 'timestamp'],
};

/**
 * A new root that retires a key and takes a new one in its place, signed by as many root keys as the old root and the
 * new one each ask for; whatever the retired key had signed is signed again.
 */
export function rotate(options: RotateOptions): Promise<Outcome<Rotated>> {
  return changing(options.feed, async ({ state }) => {
    const retired = retiredIds(state.root, options);
    if (!retired.ok) return retired;
    const able = await canRotate(state.root, options, retired.value);
    if (!able.ok) return able;
    const made = await makeKey(options.newKeys, freeName(state, options), options.passphrase);
    if (!made.ok) return made;
    const keys = withNewKey(options.keys, made.value);
    const root = nextRoot(state, { ...options, retired: retired.value, made: made.value });
    const signers = await rootSigners(state.root, root, keys);
    if (!signers.ok) return signers;
    const file = rootName(root.version);
    const metadata = signWith(root, signers.value);
    const published =
      options.role === 'root'
        ? await writeInOrder(options.feed, [{ name: file, bytes: fileBytes(metadata) }])
        : await publish(
            state,
            {
              root: { file, metadata },
              ...(options.role === 'packs' && {
                targets: { files: targetFiles(state.files.values()), notes: state.notes },
              }),
            },
            signingOf({ ...options, keys }),
          );
    if (!published.ok) return published;
    const names = keyNames(state.root);
    return ok({
      rootVersion: root.version,
      added: { name: made.value.name, id: made.value.key.keyID, folder: options.newKeys },
      retired: retired.value.map((id) => ({ id, name: names.get(id) ?? id.slice(0, 8) })),
    });
  });
}

/** Asked before a key is made: what else must sign is at hand, and the new threshold can be met. */
async function canRotate(
  root: Root,
  { role, keys, rootThreshold }: RotateOptions,
  retired: readonly string[],
): Promise<Outcome<void>> {
  const others = role === 'packs' ? (['root', 'snapshot', 'timestamp'] as const) : (['root'] as const);
  for (const each of others) {
    const signers = await signersFor(root, each, keys);
    if (!signers.ok) return signers;
  }
  const remaining = root.roles['root']!.keyIDs.filter((id) => !retired.includes(id));
  const added = role === 'root' ? 1 : 0;
  const threshold = rootThreshold ?? root.roles['root']!.threshold;
  if (threshold > remaining.length + added)
    return refuse(`${threshold} of ${remaining.length + added} root keys cannot be.`);
  const atHand = remaining.filter((id) => keys.has(id)).length + added;
  if (atHand >= threshold) return ok(undefined);
  const names = keyNames(root);
  const missing = remaining.filter((id) => !keys.has(id)).map((id) => names.get(id) ?? id.slice(0, 8));
  return failed('key-missing', { key: missing.join(' or '), folder: keys.folder });
}

/** A root with the same keys and a later date, signed by the root keys. */
export async function renewedRoot(
  state: FeedState,
  days: number | undefined,
  { keys, now = new Date() }: FeedChange,
): Promise<Outcome<{ readonly name: string; readonly bytes: Buffer }>> {
  const signers = await signersFor(state.root, 'root', keys);
  if (!signers.ok) return signers;
  const root = Root.fromJSON({
    ...state.root.toJSON(),
    version: state.root.version + 1,
    expires: expiry(now, days, { days: defaultDays.root, before: state.root.expires }),
  });
  return ok({ name: rootName(root.version), bytes: fileBytes(signWith(root, signers.value)) });
}

function retiredIds(root: Root, { role, replace, addRootKey }: RotateOptions): Outcome<readonly string[]> {
  const { keyIDs } = root.roles[rolesOf[role][0]!]!;
  if (role !== 'root' && replace === undefined) return ok(keyIDs);
  if (role === 'root' && addRootKey) return ok([]);
  const names = keyNames(root);
  const found = keyIDs.find((id) => names.get(id) === replace || (replace?.length === 64 && id === replace));
  if (found !== undefined) return ok([found]);
  const there = keyIDs.map((id) => names.get(id) ?? id.slice(0, 8)).join(', ');
  const reason =
    replace === undefined
      ? `Say which root key is replaced (${there}), or that one is added.`
      : `The feed has no ${role} key ${replace}; it has ${there}.`;
  return refuse(reason);
}

type Plan = RotateOptions & { readonly retired: readonly string[]; readonly made: NewKey };

function nextRoot({ root, rootNotes }: FeedState, plan: Plan): Root {
  const { role, retired, made, now = new Date() } = plan;
  const keyIds = (name: string): string[] => [
    ...root.roles[name]!.keyIDs.filter(
      (id) => !rolesOf[role].includes(name as 'root') || !retired.includes(id),
    ),
    ...(rolesOf[role].includes(name as 'root') ? [made.key.keyID] : []),
  ];
  const roles = Object.fromEntries(
    Object.entries(root.roles).map(([name, old]) => [
      name,
      {
        ...old.toJSON(),
        keyids: keyIds(name),
        threshold: name === 'root' ? (plan.rootThreshold ?? old.threshold) : old.threshold,
      },
    ]),
  );
  const used = new Set(Object.values(roles).flatMap(({ keyids }) => keyids));
  const all: Readonly<Record<string, Key>> = { ...root.keys, [made.key.keyID]: made.key };
  return Root.fromJSON({
    ...root.toJSON(),
    version: root.version + 1,
    expires: expiry(now, plan.rootDays, { days: defaultDays.root, before: root.expires }),
    roles,
    keys: Object.fromEntries(
      Object.entries(all)
        .filter(([id]) => used.has(id))
        .map(([id, key]) => [id, key.toJSON()]),
    ),
    ...withNotes({
      ...rootNotes,
      keyNames: { ...rootNotes.keyNames, [made.key.keyID]: made.name },
    }),
  });
}

/** Enough of the old root's keys, and enough of the new one's. */
async function rootSigners(before: Root, after: Root, keys: KeyRing) {
  const old = await signersFor(before, 'root', keys);
  if (!old.ok) return old;
  const next = await signersFor(after, 'root', keys);
  if (!next.ok) return next;
  const all = [...old.value, ...next.value];
  return ok(all.filter((each, at) => all.findIndex(({ id }) => id === each.id) === at));
}

/** `packs-2` after `packs`, `root-4` after `root-3`; a name is never used again, nor is a key written over. */
function freeName({ root }: FeedState, { role, keys }: RotateOptions): string {
  const taken = new Set([...keyNames(root).values(), ...keys.atHand.map(({ name }) => name)]);
  for (let number = role === 'root' ? 1 : 2; ; number += 1)
    if (!taken.has(`${role}-${number}`)) return `${role}-${number}`;
}

const withNewKey = (keys: KeyRing, { key, signer }: NewKey): KeyRing => ({
  ...keys,
  has: (id) => id === key.keyID || keys.has(id),
  signer: (id) => (id === key.keyID ? Promise.resolve(ok(signer)) : keys.signer(id)),
});

const refuse = (reason: string): Outcome<never> => ({
  ok: false,
  fault: fault('usage', { reason, command: 'feed rotate' }),
});
