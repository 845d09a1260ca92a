import type { Question, Reply, WorkerLink, LinkOutcome, LinkEnd } from './worker-link.ts';
import { drain } from './worker-link.ts';

/** Models that one process holds at most, and resident bytes above which it takes no more. */
const mostTenants = 32;
const fullBytes = 512 * 1024 ** 2;
const wornBytes = 1024 ** 3;
/** A model that takes more memory, or more time per request, gets a process of its own. */
const smallBytes = 64 * 1024 ** 2;
const quickMs = 20;
/** Sample size of the median run time: single requests are slow on a busy computer. */
const timedRuns = 9;

type Options = Parameters<WorkerLink['ask']>[1];
type Host = {
  readonly link: WorkerLink;
  readonly tenants: Set<Tenant>;
  rssBytes: number;
  /** Requests that it was given, of all its models. */
  served: number;
};
type Tenant = {
  readonly key: string;
  readonly number: number;
  outstanding: number;
  isLoading: boolean;
  readonly times: number[];
  isOutgrown: boolean;
  end(end: LinkEnd): void;
};

/**
 * Small models share worker processes: each gets a link that looks like one to a process of its own. `key` names what is
 * held. When a shared process crashes, those that had something under way are given processes of their own from then on,
 * since any of them may have been the reason; so are those that turn out to be large or slow, or held it up. A process that
 * was given `mostServed` requests, of all its models together, is left by all for another one.
 */
export function createSharedWorkers(
  startLink: () => WorkerLink,
  mostServed = Infinity,
): { startLink(key: string): WorkerLink } {
  const hosts = new Set<Host>();
  const alone = new Set<string>();
  let lastNumber = 0;

  const startHost = (): Host => {
    const host: Host = { link: startLink(), tenants: new Set(), rssBytes: 0, served: 0 };
    hosts.add(host);
    void host.link.ended.then((end) => {
      hosts.delete(host);
      for (const tenant of host.tenants) tenant.end(end);
      host.tenants.clear();
    });
    return host;
  };
  const hasRoom = ({ tenants, rssBytes, served }: Host): boolean =>
    tenants.size < mostTenants && rssBytes < fullBytes && served < mostServed;
  /** Unloads the tenant's model; the process exits with its last tenant. */
  const leave = (host: Host, tenant: Tenant, reason: string): void => {
    if (!host.tenants.delete(tenant)) return;
    host.link.send({ kind: 'unload', model: tenant.number });
    tenant.end({ reason, cause: 'ordered' });
    if (host.tenants.size > 0) return;
    hosts.delete(host);
    drain(host.link);
  };
  const grow = (tenant: Tenant): void => {
    tenant.isOutgrown = true;
    alone.add(tenant.key);
  };
  const ping = async (host: Host, options: Options = {}): Promise<LinkOutcome> => {
    const answer = await host.link.ask({ kind: 'ping' }, options);
    if (answer.kind === 'replied' && answer.reply.kind === 'pong') look(host, answer.reply.rssBytes);
    return answer;
  };
  /** Memory of a model = growth of the process during its load; the first one includes the runtime. */
  const load = async (host: Host, tenant: Tenant, work: () => Promise<LinkOutcome>): Promise<LinkOutcome> => {
    const isFirst = host.tenants.size === 1;
    // Answered before the load, which comes behind it on the same socket.
    void ping(host);
    const answer = await work();
    const beforeBytes = host.rssBytes;
    if (answer.kind === 'replied')
      void ping(host).then(() => {
        if (!isFirst && host.rssBytes - beforeBytes > smallBytes) grow(tenant);
      });
    return answer;
  };
  /** A process over its memory limit is retired: its tenants move one after the other. */
  const look = (host: Host, rssBytes: number): void => {
    host.rssBytes = rssBytes;
    if (rssBytes > wornBytes) for (const tenant of host.tenants) tenant.isOutgrown = true;
  };
  const time = (tenant: Tenant, reply: Reply): void => {
    if (reply.kind !== 'ran' && reply.kind !== 'inferred') return;
    if (tenant.times.push(reply.runMs) < timedRuns) return;
    const sorted = tenant.times.splice(0).sort((one, other) => one - other);
    if (sorted[Math.floor(timedRuns / 2)]! > quickMs) grow(tenant);
  };

  const ask = async (
    host: Host,
    tenant: Tenant,
    { question, options }: { question: Question; options: Options },
  ): Promise<LinkOutcome> => {
    if (question.kind === 'ping') {
      // While other tenants have requests in flight, a missing pong is no failure.
      const isBusy = [...host.tenants].some(({ outstanding }) => outstanding > 0);
      return ping(host, isBusy ? {} : options);
    }
    tenant.outstanding += 1;
    const named =
      question.kind === 'thumbnail' || question.kind === 'prepare' || question.kind === 'copy'
        ? question
        : { ...question, model: tenant.number };
    const work = (): Promise<LinkOutcome> => host.link.ask(named, options);
    tenant.isLoading = question.kind === 'load';
    const answer = tenant.isLoading ? await load(host, tenant, work) : await work();
    tenant.isLoading = false;
    tenant.outstanding -= 1;
    if (question.kind !== 'load') host.served += 1;
    if (host.served >= mostServed) for (const each of host.tenants) each.isOutgrown = true;
    // The tenant crashed or blocked the process: isolate it from now on.
    if (answer.kind === 'late' || (answer.kind === 'lost' && !answer.wasOrdered)) alone.add(tenant.key);
    if (answer.kind === 'replied') time(tenant, answer.reply);
    return answer;
  };

  return {
    startLink: (key) => {
      if (alone.has(key)) return startLink();
      const host = [...hosts].find(hasRoom) ?? startHost();
      lastNumber += 1;
      let onEnded: (end: LinkEnd) => void = () => {};
      const ended = new Promise<LinkEnd>((resolve) => (onEnded = resolve));
      const tenant: Tenant = {
        key,
        number: lastNumber,
        outstanding: 0,
        isLoading: false,
        times: [],
        isOutgrown: false,
        end: (end) => onEnded(end),
      };
      host.tenants.add(tenant);
      return {
        get pid() {
          return host.link.pid;
        },
        get share() {
          return 1 / Math.max(1, host.tenants.size);
        },
        get isOutgrown() {
          return tenant.isOutgrown;
        },
        ended,
        ask: (question, options) => ask(host, tenant, { question, options }),
        send: (message) => {
          if (message.kind === 'drain') leave(host, tenant, 'its model was unloaded');
          else host.link.send(message);
        },
        kill: (reason) => {
          // Only the end of the process ends a run that is under way; the others begin anew elsewhere. What is loading is let
          // go by the worker as soon as it is there.
          if (tenant.outstanding > 0 && !tenant.isLoading) host.link.kill(reason);
          else leave(host, tenant, reason);
        },
      };
    },
  };
}
