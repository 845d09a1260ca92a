import type { StoreState } from '../../contract/status.ts';
import { messageOf } from '../lib/error-text.ts';
import { touchAnswer } from './answers.ts';
import { failureKind } from './failures.ts';
import { gather } from './gathered.ts';
import type { Group } from './gathered.ts';
import { keepHouse } from './housekeeping.ts';
import type { Ask, FromThread, ThreadStart, Write } from './language.ts';
import { openStoreFile, reopenDamaged } from './opening.ts';
import type { OpenStore } from './opening.ts';
import { answerQuestion, applyWrite, isChange, isLasting, isQuestion, makeChange } from './questions.ts';
import type { ChangeName } from './questions.ts';
import { createRunViews } from './run-views.ts';
import { touchTensorAnswer } from './tensor-answers.ts';

/** A group is committed this long after its first write: what a kill can take is younger than 50 ms. */
const groupMs = 40;
/** How soon a disk or lock that took nothing is tried again; also how long a mere note of use may wait. */
const retryMs = 1_000;
const largestGroup = 1_000;

export type Writer = { write(write: Write): void; ask(ask: Ask): void };

/** The one writing connection: gathers, commits, answers, and says what state the store is in. */
export function startWriter(start: ThreadStart, send: (sentence: FromThread) => void): Writer {
  let store: OpenStore = openStoreFile(start);
  let views = createRunViews(store.db);
  let shown: StoreState = store.state;
  let timer: { readonly handle: NodeJS.Timeout; readonly atMs: number } | null = null;
  let refusedUntilMs = 0;
  const gathered = gather();
  const house = keepHouse({ db: () => store.db, defaultCapBytes: start.defaultCapBytes, attempt });
  send({ kind: 'opened', state: shown, inMemory: store.inMemory });
  if (isWaitingForRoom()) commitIn(retryMs);

  function show(state: StoreState): void {
    if (JSON.stringify(state) === JSON.stringify(shown)) return;
    shown = state;
    send({ kind: 'state', state, inMemory: store.inMemory });
  }

  function adopt(next: OpenStore): void {
    store = next;
    views = createRunViews(next.db);
    shown = next.state;
    send({ kind: 'state', state: shown, inMemory: next.inMemory });
  }

  function commitIn(ms: number): void {
    const atMs = Math.max(Date.now() + ms, refusedUntilMs);
    if (timer && timer.atMs <= atMs) return;
    if (timer) clearTimeout(timer.handle);
    timer = { handle: setTimeout(commit, atMs - Date.now()), atMs };
  }

  /** Writes the group; one that the disk does not take is kept for another try. */
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
      house.sweepLater();
    } catch (error) {
      gathered.giveBack(group);
      suffer(error);
      refusedUntilMs = Date.now() + retryMs;
      commitIn(0);
    }
  }

  function applyGroup(group: Group): void {
    try {
      store.db.transaction(() => {
        for (const write of group.writes) applyWrite(store.db, write);
        for (const key of group.touched) {
          touchAnswer(store.db, key, Date.now());
          touchTensorAnswer(store.db, key, Date.now());
        }
      });
    } catch (error) {
      if (failureKind(error) !== 'bug') throw error;
      // One write that SQLite refuses must not take the others with it.
      for (const write of group.writes) applyAlone(write);
    }
  }

  function applyAlone(write: Write): void {
    try {
      store.db.transaction(() => applyWrite(store.db, write));
    } catch (error) {
      if (failureKind(error) !== 'bug') throw error;
      process.emitWarning(`the store refused a ${write.kind}: ${messageOf(error)}`);
    }
  }

  function attempt(work: () => boolean): boolean {
    try {
      return work();
    } catch (error) {
      suffer(error);
      return false;
    }
  }

  /** Takes note of why something failed; damage is answered with a new store at once. */
  function suffer(error: unknown): void {
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
      // It is damaged; what matters is that the file is let go.
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

  function reply(ask: Ask): unknown {
    if (isQuestion(ask.name)) {
      const value = answerQuestion(ask.name, { db: store.db, views }, ask.input);
      noteHit(ask, value);
      return value;
    }
    if (isChange(ask.name)) {
      const { name } = ask;
      const change = (): unknown => store.db.transaction(() => makeChange(name, store.db, ask.input));
      const value = isLasting(name) ? lasting(name, change) : change();
      if (name === 'set-settings') house.sweepLater();
      return value;
    }
    // Not in a transaction: SQLite copies what is committed, and it all is.
    if (ask.name === 'copy-to') return !store.inMemory && store.db.run('VACUUM INTO ?', ask.input) >= 0;
    if (ask.name === 'close') close();
    return null;
  }

  /**
   * On disk before it is answered: a power cut may take the last answers, but never a version that was switched to.
   * In memory nothing lasts: a change of versions that is said to have failed must not be read later as made. A ratchet
   * that is raised in memory alone still refuses what is older until the program ends.
   */
  function lasting(name: ChangeName, change: () => unknown): boolean {
    if (store.inMemory && name === 'commit-lifecycle') return false;
    store.db.script('PRAGMA synchronous = FULL');
    try {
      const isMade = change() === true && !store.inMemory;
      if (isMade && refusedUntilMs === 0) show(store.state);
      return isMade;
    } finally {
      store.db.script('PRAGMA synchronous = NORMAL');
    }
  }

  function close(): void {
    house.stop();
    if (timer) clearTimeout(timer.handle);
    store.close();
  }

  function noteHit(ask: Ask, value: unknown): void {
    const found = value as { readonly key?: string | null; readonly answer?: unknown } | null;
    const isByKey = ask.name === 'answer' || ask.name === 'tensor-answer';
    const key = isByKey ? found && ask.input : ask.name === 'lookup' && found?.answer ? found.key : null;
    if (typeof key !== 'string') return;
    gathered.touch(key);
    commitIn(retryMs);
  }

  return {
    write(write) {
      gathered.add(write);
      if (gathered.size >= largestGroup && Date.now() >= refusedUntilMs) commit();
      else commitIn(groupMs);
    },
    ask(ask) {
      try {
        const isLast = ask.name === 'close' || ask.name === 'flush';
        if (isLast || (gathered.concerns(ask) && Date.now() >= refusedUntilMs)) commit();
        const answered = (value: unknown): void => send({ kind: 'reply', seq: ask.seq, ok: true, value });
        if (ask.name === 'purge') house.purge(ask.input, (removed) => answered({ removed }));
        else answered(reply(ask));
      } catch (error) {
        suffer(error);
        send({ kind: 'reply', seq: ask.seq, ok: false, reason: messageOf(error) });
      }
    },
  };
}
