import { reason } from '../../../contract/reasons.ts';
import type { Reason } from '../../../contract/reasons.ts';
import type { NoText } from '../../lib/text.ts';

/** Why a person's file is no text, as data. */
export const noText = (why: NoText): Reason =>
  why.kind === 'not-utf8-line'
    ? reason('not-utf8-line', { byte: why.byte, line: why.line })
    : reason(why.kind, { encoding: why.encoding });
