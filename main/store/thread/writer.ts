import type { StoreState } from '../../../contract/serving/status.ts';
import { messageOf } from '../../lib/error-text.ts';
import { touchRecord } from '../records.ts';
import { sourceOf } from '../declare.ts';
import type { Change, Queries } from '../declare.ts';
import { failureKind } from '../failures.ts';
import { gather } from './gathered.ts';
import type { Group } from './gathered.ts';
import { maintain } from '../maintenance.ts';
import type { Ask, Duty, FromThread, GatheredChange, ThreadStart } from './messages.ts';
import { openStoreFile, reopenDamaged } from '../open-store-file.ts';
import type { OpenStore } from '../open-store-file.ts';
import { laterChangeNamed, runChange, runRead, usedKey } from './perform-query.ts';
import { touchTensorResult } from '../tensor-results.ts';

/** A group is committed this long after its first change: a kill loses at most the last 50 ms. */
const groupMs = 40;
/** Retry interval after the disk or a lock refused; also the longest delay until a use of an answer is written. */
const retryMs = 1_000;
const largestGroup = 1_000;

type Writer = { change(change: GatheredChange): void; ask(ask: Ask): void };

/**
 * The single writing connection: gathers changes, commits groups, answers queries, and reports the state of the store.
 */
export function startWriter(
  queries: Queries,
  start: ThreadStart,
  send: (message: FromThread) => void,
): Writer {
  let store: OpenStore = openStoreFile(start);
  let source = sourceOf(store.db);
  let shown: StoreState = store.state;
  let timer: { readonly handle: NodeJS.Timeout; readonly atMs: number } | null = null;
  let refusedUntilMs = 0;
  const gathered = gather(queries);
  const maintenance = maintain({ db: () => store.db, attempt });
  send({ kind: 'state', state: shown, inMemory: store.inMemory });
  if (isWaitingForRoom()) commitIn(retryMs);
  else maintenance.purgeRuns();

  function show(state: StoreState): void {
    if (JSON.stringify(state) === JSON.stringify(shown)) return;
    shown = state;
    send({ kind: 'state', state, inMemory: store.inMemory });
  }

  function adopt(next: OpenStore): void {
    store = next;
    source = sourceOf(next.db);
    shown = next.state;
    send({ kind: 'state', state: shown, inMemory: next.inMemory });
  }

  function commitIn(ms: number): void {
    const atMs = Math.max(Date.now() + ms, refusedUntilMs);
    if (timer && timer.atMs <= atMs) return;
    if (timer) clearTimeout(timer.handle);
    timer = { handle: setTimeout(commit, atMs - Date.now()), atMs };
  }

  /** Commits the group; one that the disk refuses is kept for a retry. */
  function commit(): void {
    if (timer) clearTimeout(timer.handle);
    timer = null;
    if (isWaitingForRoom()) tryFileAgain();
    if (gathered.size === 0) return;
    const group = gathered.take();
    try {
      applyGroup(group);
      refusedUntilMs = 0;
      show(store.state);
      maintenance.sweepLater();
    } catch (error) {
      gathered.giveBack(group);
      handleFailure(error);
      refusedUntilMs = Date.now() + retryMs;
      commitIn(0);
    }
  }

  function applyGroup(group: Group): void {
    try {
      store.db.transaction(() => {
        for (const change of group.changes) apply(change);
        for (const key of group.touched) {
          touchRecord(store.db, key, Date.now());
          touchTensorResult(store.db, key, Date.now());
        }
      });
    } catch (error) {
      if (failureKind(error) !== 'bug') throw error;
      // Retry each change by itself: one that SQLite refuses must not fail the others.
      for (const change of group.changes) applyAlone(change);
    }
  }

  /** Must run inside the caller's transaction. */
  function apply({ name, input }: GatheredChange): void {
    runChange(laterChangeNamed(queries, name), store.db, input);
  }

  function applyAlone(change: GatheredChange): void {
    try {
      store.db.transaction(() => apply(change));
    } catch (error) {
      if (failureKind(error) !== 'bug') throw error;
      process.emitWarning(`the store refused ${change.name}: ${messageOf(error)}`);
    }
  }

  function attempt(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      handleFailure(error);
      return false;
    }
  }

  /** Classifies the error; a damaged store is replaced at once. */
  function handleFailure(error: unknown): void {
    const kind = failureKind(error);
    if (kind === 'bug') throw error;
    const { file } = store.state;
    if (kind === 'disk-full') show({ kind, file, reason: 'no room is left for new answers' });
    if (kind === 'read-only') show({ kind, file, reason: messageOf(error) });
    if (kind === 'damaged' && !store.inMemory) replaceDamaged(messageOf(error));
  }

  function replaceDamaged(found: string): void {
    try {
      store.close();
    } catch {
      // It is damaged; all that matters is that its handle is released.
    }
    adopt(reopenDamaged(start, store, found));
  }

  function isWaitingForRoom(): boolean {
    return store.inMemory && store.state.kind === 'disk-full';
  }

  function tryFileAgain(): void {
    const next = openStoreFile(start);
    const old = next.inMemory ? next : store;
    if (!next.inMemory) adopt(next);
    old.close();
    if (isWaitingForRoom()) commitIn(retryMs);
  }

  function reply({ name, input }: Ask): unknown {
    const read = queries.reads[name];
    if (read) {
      const found = runRead(read, source, input);
      noteUse(usedKey(read, found, input));
      return found;
    }
    const change = queries.changes[name];
    if (change?.kind !== 'change') return perform(name as keyof Duty, input);
    const made = change.lasts === undefined ? makeChange(change, input) : makeLasting(change, input);
    // The settings may have lowered the cap. A failure to check that must not undo the change.
    attempt(() => (maintenance.sweepLater(), true));
    return made;
  }

  function perform(duty: keyof Duty, [file]: Ask['input']): unknown {
    // Outside a transaction: VACUUM INTO copies what is committed, and everything is by now.
    if (duty === 'copyTo') return !store.inMemory && store.db.run('VACUUM INTO ?', file as string) >= 0;
    if (duty === 'close') close();
    return null;
  }

  const makeChange = (change: Change<never, unknown>, input: Ask['input']): unknown =>
    store.db.transaction(() => runChange(change, store.db, input));

  /**
   * Committed to disk before the reply. A power cut may lose the last answers, but never a switch of versions. With the
   * store in memory nothing lasts: a switch that is reported as failed must not be read later as made, while a ratchet
   * raised in memory still refuses older metadata until the program ends.
   */
  function makeLasting(change: Change<never, unknown>, input: Ask['input']): boolean {
    if (store.inMemory && change.lasts === 'on-disk-only') return false;
    store.db.script('PRAGMA synchronous = FULL');
    try {
      const isMade = makeChange(change, input) === true && !store.inMemory;
      if (isMade && refusedUntilMs === 0) show(store.state);
      return isMade;
    } finally {
      store.db.script('PRAGMA synchronous = NORMAL');
    }
  }

  function close(): void {
    maintenance.stop();
    if (timer) clearTimeout(timer.handle);
    store.close();
  }

  function noteUse(key: string | null): void {
    if (key === null) return;
    gathered.touch(key);
    commitIn(retryMs);
  }

  return {
    change(change) {
      gathered.add(change);
      if (gathered.size >= largestGroup && Date.now() >= refusedUntilMs) commit();
      else commitIn(groupMs);
    },
    ask(ask) {
      try {
        const isLast = ask.name === 'close' || ask.name === 'flush';
        if (isLast || (gathered.concerns(ask) && Date.now() >= refusedUntilMs)) commit();
        const answered = (value: unknown): void => send({ kind: 'reply', seq: ask.seq, ok: true, value });
        if (ask.name !== 'purge') return answered(reply(ask));
        const [query] = ask.input as Parameters<Duty['purge']>;
        maintenance.purge(query, (removed) => answered({ removed }));
      } catch (error) {
        handleFailure(error);
        send({ kind: 'reply', seq: ask.seq, ok: false, reason: messageOf(error) });
      }
    },
  };
}
