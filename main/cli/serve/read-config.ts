import { readFault } from '../../../contract/faults/disk-faults.ts';
import { failed, ok } from '../../../contract/faults/faults.ts';
import type { Outcome } from '../../../contract/faults/faults.ts';
import { noTextReason, reasonText } from '../../../contract/faults/reasons.ts';
import { messageOf } from '../../lib/error-text.ts';
import { env } from '../../lib/paths.ts';
import { readText } from '../../lib/text.ts';
import { bytesOf, ServeConfig, serveKeys } from './config.ts';

export type GivenOptions = Readonly<Record<string, unknown>> & { readonly config?: string };

/** Options over environment over config file over defaults; the fault names the file, or where the word came from. */
export async function readServeConfig(options: GivenOptions): Promise<Outcome<ServeConfig>> {
  const file = options.config ?? (env('OUTPOST_CONFIG') || undefined);
  const fromFile = file === undefined ? ok({}) : await readYaml(file);
  if (!fromFile.ok) return fromFile;
  // A key without a value says nothing, and neither does a variable that is set to nothing.
  const given: Record<string, unknown> = Object.fromEntries(
    Object.entries(fromFile.value).filter(([, value]) => value !== null),
  );
  for (const key of serveKeys) {
    const own =
      options[camel(key)] ?? (env(`OUTPOST_${key.toUpperCase().replaceAll('-', '_')}`) || undefined);
    if (own !== undefined && key !== 'batching') given[key] = own;
  }
  const parsed = ServeConfig.safeParse(given);
  const name = file ?? 'The command line';
  if (!parsed.success) return failed('config-invalid', { file: name, reason: reasonOf(parsed.error) });
  const reason = wrongSize(parsed.data) ?? wrongRange(parsed.data);
  return reason === null ? ok(parsed.data) : failed('config-invalid', { file: name, reason });
}

function wrongSize({
  'max-body': body,
  'request-memory': memory,
  'shared-below': shared,
}: ServeConfig): string | null {
  if (bytesOf(shared) === null) return `shared-below takes a size as in 4mb, or 0, not ${shared}`;
  const bodyBytes = bytesOf(body);
  if (bodyBytes === null) return `max-body takes a size as in 64mb, not ${body}`;
  if (memory === 'auto') return null;
  const memoryBytes = bytesOf(memory);
  if (memoryBytes === null) return `request-memory takes auto or a size as in 512mb, not ${memory}`;
  return memoryBytes < 2 * bodyBytes
    ? `request-memory ${memory} is less than two bodies of max-body ${body}; give more, or a smaller max-body`
    : null;
}

function wrongRange({ workers, 'min-workers': least }: ServeConfig): string | null {
  if (least === undefined || workers === 'auto' || least <= workers) return null;
  return `min-workers ${least} is more than workers ${workers}`;
}

async function readYaml(file: string): Promise<Outcome<object>> {
  let text: string;
  try {
    const read = await readText(file);
    if (!read.ok) return failed('config-invalid', { file, reason: reasonText(noTextReason(read.why)) });
    text = read.text;
  } catch (error) {
    return { ok: false, fault: readFault(error, file) };
  }
  const { parse } = await import('yaml');
  try {
    const value: unknown = parse(text) ?? {};
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? ok(value)
      : failed('config-invalid', { file, reason: 'it holds no names with values' });
  } catch (error) {
    return failed('config-invalid', { file, reason: messageOf(error) });
  }
}

function reasonOf({
  issues,
}: {
  issues: readonly { path: PropertyKey[]; message: string; code?: string; keys?: string[] }[];
}): string {
  return issues
    .slice(0, 3)
    .map(({ path, message, keys }) =>
      keys ? keys.map(unknownKey).join(', ') : `${path.join('.')}: ${message}`,
    )
    .join('; ');
}

function unknownKey(key: string): string {
  const known = serveKeys.find((each) => each === key.toLowerCase().replaceAll('_', '-'));
  return known ? `there is no ${key}; it is written ${known}` : `there is no ${key}`;
}

const camel = (key: string): string => key.replaceAll(/-(\w)/gu, (_, letter: string) => letter.toUpperCase());
