import type { OutpostEvent } from '../../contract/calls/events.ts';
import { bridge } from '../bridge.ts';
import { client } from './client.ts';

/** Events by which something outside the page asks to show or do something. */
type Asked = Extract<OutpostEvent, { kind: 'files-opened' | 'model-opened' | 'menu-chosen' }>;
const pauseMs = 250;
const keysOf: Readonly<
  Record<Exclude<OutpostEvent['kind'], Asked['kind'] | 'run-changed'>, readonly string[]>
> = {
  'status-changed': ['status'],
  'models-changed': ['models', 'samples', 'providers', 'shapes', 'lifecycle'],
  'lifecycle-changed': ['lifecycle', 'updates', 'models'],
  'updates-changed': ['updates', 'lifecycle'],
  'settings-changed': ['settings', 'status', 'shapes', 'providers', 'access'],
  'store-changed': ['store', 'cache', 'status'],
  'access-changed': ['access'],
  'cards-changed': ['cards'],
};

/** Refetches queries when main announces changes, at most four times a second. */
export function followEvents(onAsked: (event: Asked) => void): () => void {
  let due = new Map<string, readonly string[]>();
  let timer: ReturnType<typeof setTimeout> | null = null;
  let isAsking = false;
  const plan = (): void => {
    if (timer === null && !isAsking && due.size > 0) timer = setTimeout(() => void flush(), pauseMs);
  };
  const flush = async (): Promise<void> => {
    timer = null;
    isAsking = true;
    const keys = [...due.values()];
    due = new Map();
    // Waits for the answers before the next round, so that slow ones are not cancelled by later changes.
    await Promise.all(keys.map((queryKey) => client.invalidateQueries({ queryKey })));
    isAsking = false;
    plan();
  };
  const ask = (...key: readonly string[]): void => {
    due.set(key.join(' '), key);
    plan();
  };
  const stop = bridge.on((event) => {
    if (event.kind === 'files-opened' || event.kind === 'model-opened' || event.kind === 'menu-chosen')
      onAsked(event);
    else if (event.kind === 'run-changed') {
      ask('run', event.run);
      ask('runs');
    } else for (const key of keysOf[event.kind]) ask(key);
  });
  return () => {
    stop();
    if (timer) clearTimeout(timer);
  };
}
