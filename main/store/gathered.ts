import type { Ask, Write } from './language.ts';

/** Writes beyond this many, while the disk takes none, push the oldest ones out. */
const mostHeld = 20_000;
/** Outputs of tensors are large and can be computed again: beyond so many bytes in one group they are not kept. */
const mostOutputBytes = 64 * 1024 ** 2;

export type Group = { readonly writes: readonly Write[]; readonly touched: readonly string[] };

/** Writes that wait for their group, with what they would change, so that a question knows whether it must wait for them. */
export type Gathered = {
  readonly size: number;
  add(write: Write): void;
  /** A hit; noted once per group. */
  touch(key: string): void;
  concerns(ask: Ask): boolean;
  take(): Group;
  /** Puts a group back that could not be committed yet. */
  giveBack(group: Group): void;
};

export function gather(): Gathered {
  let writes: Write[] = [];
  let touched = new Set<string>();
  let marks = new Set<string>();
  let outputBytes = 0;

  return {
    get size() {
      return writes.length + touched.size;
    },
    add(write) {
      if (write.kind === 'put-tensor-answer') {
        if (outputBytes + write.entry.outputs.byteLength > mostOutputBytes) return;
        outputBytes += write.entry.outputs.byteLength;
      }
      writes.push(write);
      if (writes.length > mostHeld) writes.splice(0, writes.length - mostHeld);
      for (const mark of marksOf(write)) marks.add(mark);
    },
    touch(key) {
      touched.add(key);
    },
    concerns(ask) {
      if (writes.length === 0) return false;
      switch (ask.name) {
        case 'digest-of':
          return marks.has(`path ${ask.input.path}`);
        case 'knows-size':
          return marks.has(`size ${ask.input}`);
        case 'answer':
        case 'tensor-answer':
          return marks.has(`key ${ask.input}`);
        case 'lookup':
          // The digest is found by path; an answer under it can only have come with bytes of that size.
          return marks.has(`path ${ask.input.file.path}`) || marks.has(`size ${ask.input.file.size}`);
        default:
          return true;
      }
    },
    take() {
      const group = { writes, touched: [...touched] };
      writes = [];
      touched = new Set();
      marks = new Set();
      outputBytes = 0;
      return group;
    },
    giveBack(group) {
      const newer = writes;
      writes = [];
      const again = group.writes.filter(({ kind }) => kind !== 'put-tensor-answer');
      for (const write of [...again, ...newer].slice(-mostHeld)) {
        writes.push(write);
        for (const mark of marksOf(write)) marks.add(mark);
      }
    },
  };
}

function marksOf(write: Write): string[] {
  if (write.kind === 'remember-file') return [`path ${write.file.path}`];
  if (write.kind === 'put-tensor-answer') return [`key ${write.key}`];
  if (write.kind !== 'put-answer') return [];
  const marks = [`key ${write.key}`, `size ${write.answer.sizeBytes}`];
  return write.file ? [...marks, `path ${write.file.path}`] : marks;
}
