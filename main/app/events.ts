import type { WebContents } from 'electron';
import { eventChannel } from '../../contract/call-names.ts';
import type { OutpostEvent } from '../../contract/events.ts';

/** One hint of a kind in this time is enough: whoever shows it asks for the newest state anyway. */
const quietMs = 50;

export type Events = { send(event: OutpostEvent): void; close(): void };

/** The only place that speaks to a page unasked. The first hint goes at once, those close behind it as one. */
export function openEvents(contents: () => WebContents | null): Events {
  const timers = new Map<string, NodeJS.Timeout>();
  const waiting = new Map<string, OutpostEvent>();

  function deliver(event: OutpostEvent): void {
    const page = contents();
    if (page && !page.isDestroyed()) page.send(eventChannel, event);
  }

  function rest(key: string): void {
    timers.delete(key);
    const event = waiting.get(key);
    if (!event) return;
    waiting.delete(key);
    begin(key, event);
  }

  function begin(key: string, event: OutpostEvent): void {
    deliver(event);
    timers.set(key, setTimeout(rest, quietMs, key));
  }

  return {
    send(event) {
      if (event.kind === 'files-opened') return deliver(event);
      const key = event.kind === 'run-changed' ? `${event.kind} ${event.run}` : event.kind;
      if (timers.has(key)) waiting.set(key, event);
      else begin(key, event);
    },
    close() {
      for (const timer of timers.values()) clearTimeout(timer);
      timers.clear();
      waiting.clear();
    },
  };
}
