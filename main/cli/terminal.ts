import type { Writable } from 'node:stream';
import type { Fault } from '../../contract/faults/faults.ts';
import { escapedOrders } from '../lib/terminal-text.ts';
import { paint, plainPaint, printable, toTerminal } from './paint.ts';
import type { Paint } from './paint.ts';

/** Where a command writes: answers to `print`, everything else to `tell`. */
export type Terminal = {
  /** Writes to stdout with back-pressure; false once the reader has closed it. */
  print(text: string): Promise<boolean>;
  /** The same for what programs read: JSON, whose readers get it exactly, and CSV, exact unless a terminal shows it. */
  printData(text: string, form: 'json' | 'csv'): Promise<boolean>;
  /** Standard error, a line; silent with --quiet. */
  note(line: string): void;
  /** A fault in plain words on standard error, also with --quiet. */
  complain(fault: Fault, about?: string): void;
  /** Standard error without a line end of its own, also with --quiet. */
  raw(text: string): void;
  readonly isOutTerminal: boolean;
  readonly isErrorTerminal: boolean;
  readonly columns: number;
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly paint: Paint;
  readonly errorPaint: Paint;
  /** Aborts when the reader of stdout has closed it. */
  readonly readerClosed: AbortSignal;
};

export type Streams = {
  readonly out: Writable & { isTTY?: boolean; columns?: number };
  readonly error: Writable & { isTTY?: boolean; columns?: number };
};
type TerminalChoice = {
  readonly isQuiet: boolean;
  readonly isVerbose: boolean;
  readonly isColored: boolean;
};

export function openTerminal(streams: Streams, choice: TerminalChoice): Terminal {
  const closed = new AbortController();
  // EPIPE, as from `| head`, is not an error.
  streams.out.on('error', () => closed.abort());
  streams.error.on('error', () => undefined);
  const raw = (text: string): void => void streams.error.write(toTerminal(text));
  const isErrorTerminal = streams.error.isTTY === true;
  const isOutTerminal = streams.out.isTTY === true;
  const errorPaint = choice.isColored && isErrorTerminal ? paint : plainPaint;
  return {
    print: (text) => write(streams.out, toTerminal(text), closed.signal),
    printData: (text, form) => {
      const shown = form === 'json' ? escapedOrders(text) : isOutTerminal ? toTerminal(text) : text;
      return write(streams.out, shown, closed.signal);
    },
    note: (line) => {
      if (!choice.isQuiet) raw(`${line}\n`);
    },
    complain: (fault, about) => {
      const place = about && !fault.message.includes(about) ? `${about}: ` : '';
      raw(
        `${errorPaint.bad(printable(`${place}${fault.message}`))}\n  ${printable(fault.hint.replace(/ {2,}/gu, ' '))} ${errorPaint.dim(`[${fault.code}]`)}\n`,
      );
    },
    raw,
    isOutTerminal,
    isErrorTerminal,
    columns: Math.max(40, streams.out.columns ?? streams.error.columns ?? 100),
    isQuiet: choice.isQuiet,
    isVerbose: choice.isVerbose,
    paint: choice.isColored && isOutTerminal ? paint : plainPaint,
    errorPaint,
    readerClosed: closed.signal,
  };
}

function write(out: Writable, text: string, closed: AbortSignal): Promise<boolean> {
  if (closed.aborted || out.destroyed) return Promise.resolve(false);
  return new Promise((resolve) => {
    out.write(text, (error) => resolve(!error && !closed.aborted));
  });
}
