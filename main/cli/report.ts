import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { VerifyReport } from '../../contract/packs/model.ts';
import type { AsJson } from './command.ts';
import { printable } from './paint.ts';
import type { Session } from './session.ts';

/** Prints the value on standard output, as JSON or as text, or its fault on standard error; gives the exit code. */
export async function reportOutcome<T>(
  session: Session,
  outcome: Outcome<T>,
  { json, text }: AsJson & { readonly text: (value: T) => string },
): Promise<number> {
  if (!outcome.ok) return refuse(session, outcome.fault);
  if (json) await printJson(session, outcome.value);
  else await session.terminal.print(text(outcome.value));
  return 0;
}

/** Prints a fault that ends the command; gives the exit code. */
export function refuse({ terminal }: Session, why: Fault): number {
  terminal.complain(why);
  return why.code === 'cancelled' ? 130 : 1;
}

export async function printJson({ terminal }: Session, value: unknown): Promise<void> {
  await terminal.printData(`${JSON.stringify(value, null, 2)}\n`, 'json');
}

export function verifiedText({ model, files, passed, durationMs }: VerifyReport): string {
  const wrong = files.flatMap(({ path, fault }) =>
    fault ? [`  ${printable(path)}: ${fault.message} [${fault.code}]`] : [],
  );
  const head = passed
    ? `${model}: ${files.length} files are as the manifest says (${Math.round(durationMs)} ms)`
    : `${model}: ${wrong.length} of ${files.length} files are not as the manifest says`;
  return `${[head, ...wrong].join('\n')}\n`;
}
