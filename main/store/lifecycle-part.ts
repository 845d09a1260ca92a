import type { LifecycleStore } from './lifecycle-door.ts';
import type { Threads } from './threads.ts';

/** The lifecycle's part of the door. What is asked of the writer may decide what happens next; lists for the eye come from the reader. */
export function lifecyclePart({ ask, askReader }: Threads): LifecycleStore {
  const nothing = { versions: [], pointers: [], policies: [], denied: [], canaries: [] };
  return {
    lifecycle: () => ask('lifecycle', null, nothing),
    commitLifecycle: (changes) => ask('commit-lifecycle', changes, false),
    lifecycleEvents: (model, limit) => askReader('lifecycle-events', { model, limit }, []),
    answersByVersion: (model) => askReader('answers-by-version', model, []),
    ratchets: () => ask('ratchets', null, {}),
    raiseRatchets: (values) => ask('raise-ratchets', values, false),
    confirm: async (confirmation) => void (await ask('confirm', confirmation, null)),
    unconfirm: async (digest, model) => void (await ask('unconfirm', { digest, model }, null)),
    confirmation: (digest, model) => ask('confirmation', { digest, model }, null),
    confirmations: (model, limit) => askReader('confirmations', { model, limit }, []),
    confirmedByVersion: (model) => askReader('confirmed-by-version', model, []),
    recentInputs: (model, limit) => askReader('recent-inputs', { model, limit }, []),
    saveTrial: async (report, items) => void (await ask('save-trial', { report, items }, null)),
    trial: (model, to) => askReader('trial', { model, to }, null),
    trialItems: (query) => askReader('trial-items', query, { items: [], total: 0 }),
  };
}
