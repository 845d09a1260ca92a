// Pictures show figures of time, so they are taken when nothing else works on this machine.
import { readFileSync, readdirSync } from 'node:fs';

/** Most that others may work, in processor cores. */
const mostLoad = 0.3;
const sampleMs = 3000;
const patienceMs = 5 * 60_000;

/**
 * Resolves once everything but this process worked less than `mostLoad` cores for three seconds. Throws after five minutes,
 * naming what works most. Nothing is measured where there is no /proc.
 */
export async function waitForQuiet({ log = console.log, patience = patienceMs, wait = sleep } = {}) {
  if (process.platform !== 'linux') return;
  const end = Date.now() + patience;
  let hasLogged = false;
  for (;;) {
    const load = await loadOfOthers(wait);
    if (load.cores < mostLoad) return;
    const text = `others work ${load.cores.toFixed(1)} cores here, most of all ${load.busiest}`;
    if (Date.now() >= end) throw new Error(`The machine is not quiet: ${text}. End that, then try again.`);
    if (!hasLogged) log(`Waiting for a quiet machine: ${text}`);
    hasLogged = true;
  }
}

async function loadOfOthers(wait) {
  const [before, begun] = [readTimes(), performance.now()];
  await wait(sampleMs);
  const after = readTimes();
  const seconds = (performance.now() - begun) / 1000;
  let busiest = { name: 'a process that is not seen from here', ticks: 0 };
  for (const [pid, { name, ticks }] of after.processes) {
    const spent = ticks - (before.processes.get(pid)?.ticks ?? 0);
    if (pid !== process.pid && spent > busiest.ticks) busiest = { name: `${name} (${pid})`, ticks: spent };
  }
  const own = after.own - before.own;
  const cores = (after.busy - before.busy - own) / ticksPerSecond / seconds;
  return { cores: Math.max(0, cores), busiest: busiest.name };
}

/** Linux counts in hundredths of a second, whatever the kernel's own clock (`sysconf(_SC_CLK_TCK)`). */
const ticksPerSecond = 100;

function readTimes() {
  const [, user, nice, system, , , irq, softirq] = readFileSync('/proc/stat', 'latin1')
    .split(/\s+/, 9)
    .map(Number);
  const processes = new Map();
  for (const entry of readdirSync('/proc')) {
    const found = /^\d+$/.test(entry) ? timesOf(entry) : null;
    if (found) processes.set(Number(entry), found);
  }
  return {
    busy: user + nice + system + irq + softirq,
    own: processes.get(process.pid)?.ticks ?? 0,
    processes,
  };
}

function timesOf(pid) {
  try {
    const text = readFileSync(`/proc/${pid}/stat`, 'latin1');
    const close = text.lastIndexOf(')');
    const fields = text.slice(close + 2).split(' ');
    return { name: text.slice(text.indexOf('(') + 1, close), ticks: Number(fields[11]) + Number(fields[12]) };
  } catch {
    // It has ended since.
    return null;
  }
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
