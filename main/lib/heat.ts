import { execFile } from 'node:child_process';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';

/** `warm` is close to where the system slows itself down: whoever was slowed goes on so, and whoever was not does too. */
export type Heat = 'cool' | 'warm' | 'hot' | 'unknown';

const run = promisify(execFile);
const timeoutMs = 5_000;
const zones = '/sys/class/thermal';
/** In thousandths of a degree. Below it a limit is that of no processor: zones that nobody set up have 0. */
const lowestLimit = 60_000;
const highestReading = 150_000;
/** From `critical`, where the system switches itself off. */
const marginOfCritical = 10_000;
const warmFrom = 5_000;

/** What the system says of the heat of its processors; asking it never fails. Windows does not say it. */
export async function readHeat(platform: NodeJS.Platform = process.platform, folder = zones): Promise<Heat> {
  try {
    if (platform === 'linux') return await linuxHeat(folder);
    if (platform === 'darwin')
      return parseTherm((await run('pmset', ['-g', 'therm'], { timeout: timeoutMs })).stdout);
  } catch {
    return 'unknown';
  }
  return 'unknown';
}

/** The zone that is closest to its limit, or farthest above it. Source: Linux, Documentation/driver-api/thermal/sysfs-api.rst. */
async function linuxHeat(folder: string): Promise<Heat> {
  const names = await readdir(folder).catch(() => []);
  const margins = await Promise.all(
    names.filter((name) => name.startsWith('thermal_zone')).map(async (name) => marginOf(join(folder, name))),
  );
  const known = margins.filter((margin) => margin !== null);
  if (known.length === 0) return 'unknown';
  const least = Math.min(...known);
  if (least <= 0) return 'hot';
  return least < warmFrom ? 'warm' : 'cool';
}

/** Thousandths of a degree up to where the kernel begins to slow the processor; null where the zone says none. */
async function marginOf(zone: string): Promise<number | null> {
  const value = async (file: string): Promise<string> =>
    (await readFile(join(zone, file), 'utf8').catch(() => '')).trim();
  if ((await value('mode')) === 'disabled') return null;
  const text = await value('temp');
  const reading = Number(text);
  if (text === '' || !(reading > 0 && reading < highestReading)) return null;
  const limits = new Map<string, number>();
  for (let at = 0; ; at += 1) {
    const type = await value(`trip_point_${at}_type`);
    if (type === '') break;
    const limit = Number(await value(`trip_point_${at}_temp`));
    if (limit >= lowestLimit) limits.set(type, Math.min(limit, limits.get(type) ?? Infinity));
  }
  const critical = limits.get('critical');
  const limit =
    limits.get('passive') ??
    limits.get('hot') ??
    (critical === undefined ? undefined : critical - marginOfCritical);
  return limit === undefined ? null : limit - reading;
}

/** `CPU_Speed_Limit 	= 70`: percent of its speed that the system leaves the processor. */
export function parseTherm(text: string): Heat {
  const percent = /CPU_Speed_Limit\s*=\s*(\d+)/u.exec(text)?.[1];
  if (percent === undefined) return 'unknown';
  return Number(percent) < 100 ? 'hot' : 'cool';
}
