import type { Fault, Outcome } from '../../contract/faults/faults.ts';
import type { Receipt } from '../../contract/runs/receipt.ts';
import type { Volume } from '../lib/volumes/index.ts';
import type { StoredIntake } from '../store/index.ts';

/** A mounted card, stick or drive. `before`: its earlier intakes by volume id, newest first. */
export type Card = { readonly volume: Volume; readonly before: readonly StoredIntake[] };

export type IntakeRequest = {
  /** Mount point or folder. Only read, never written. */
  readonly card: string;
  /** Parent of the copy's folder. */
  readonly into: string;
  /** Where the camera stood; part of the copy's name. */
  readonly site: string | null;
  /** Also copies the files that an earlier copy of this card has. */
  readonly takesAll?: boolean;
};

/** What happens while a card is copied. `looked` comes first; `gone` and `back` may come again and again. */
export type IntakeEvent =
  | {
      readonly kind: 'looked';
      /** The folder of the copy; null where all of the card is in earlier copies, and none is expected to be left. */
      readonly target: string | null;
      readonly files: number;
      readonly bytes: number;
      /** Files that need not be copied: an earlier copy has them, or this one from before it was interrupted. */
      readonly knownFiles: number;
      readonly knownBytes: number;
    }
  | { readonly kind: 'read'; readonly bytes: number }
  /** Files that are copied or unreadable so far; starts again at zero with each pass. */
  | { readonly kind: 'passed'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'copied'; readonly file: string; readonly digest: string; readonly flaw: string | null }
  | { readonly kind: 'gone'; readonly fault: Fault }
  | { readonly kind: 'back'; readonly card: string };

export type IntakeOptions = {
  readonly signal: AbortSignal;
  readonly onEvent: (event: IntakeEvent) => void;
};

export type Intake = {
  /** The removable volumes mounted now. */
  cards(): Promise<readonly Card[]>;
  /**
   * Copies a card, writes a receipt beside the copy and returns it. Waits while the card is pulled. After an interruption
   * (the signal, a kill, a full disk) the same request resumes the copy.
   */
  copy(request: IntakeRequest, options: IntakeOptions): Promise<Outcome<Receipt>>;
};
