import type { Fault, Outcome } from '../../contract/faults.ts';
import type { Receipt } from '../../contract/receipt.ts';
import type { Volume } from '../lib/volumes/index.ts';
import type { StoredIntake } from '../store/index.ts';

/** A card, stick or drive that is plugged in. `before`: when it was copied, newest first; known by its volume alone. */
export type Card = { readonly volume: Volume; readonly before: readonly StoredIntake[] };

export type IntakeRequest = {
  /** Where the card is mounted, or a folder. It is read and never written to. */
  readonly card: string;
  /** The folder below which the copy gets one of its own. */
  readonly into: string;
  /** Where the camera stood; part of the copy's name. */
  readonly site: string | null;
  /** Copies also what an earlier copy of this card has. */
  readonly takesAll?: boolean;
};

/** What happens while a card is copied. `looked` comes first; `gone` and `back` may come again and again. */
export type IntakeEvent =
  | {
      readonly kind: 'looked';
      /** The folder of the copy. */
      readonly target: string;
      readonly files: number;
      readonly bytes: number;
      /** Of these so many need not be copied: an earlier copy of this card has them, or this one before it was ended. */
      readonly knownFiles: number;
      readonly knownBytes: number;
    }
  | { readonly kind: 'read'; readonly bytes: number }
  /** So many files of the card are in a copy, or were found to be unreadable; less again when it is gone through once more. */
  | { readonly kind: 'passed'; readonly files: number; readonly bytes: number }
  | { readonly kind: 'copied'; readonly file: string; readonly digest: string; readonly flaw: string | null }
  | { readonly kind: 'gone'; readonly fault: Fault }
  | { readonly kind: 'back'; readonly card: string };

export type IntakeOptions = {
  readonly signal: AbortSignal;
  readonly onEvent: (event: IntakeEvent) => void;
};

export type Intake = {
  /** Removable volumes that are there now. */
  cards(): Promise<readonly Card[]>;
  /**
   * Copies a card and gives its receipt, which lies beside the copy by then. A card that is pulled is waited for. Whatever
   * ends it (the signal, a kill, a full disk), the same request goes on where it was.
   */
  copy(request: IntakeRequest, options: IntakeOptions): Promise<Outcome<Receipt>>;
};
