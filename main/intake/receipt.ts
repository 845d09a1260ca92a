import { Receipt, wasAllKnown } from '../../contract/runs/receipt.ts';
import { writeDurably } from '../lib/durable.ts';
import { bytesOf, shownName } from '../lib/file-names.ts';
import { openOutput } from '../lib/output-file.ts';
import { hexOf } from '../lib/sha256.ts';
import type { Store } from '../store/index.ts';

const mostNamed = 1_000;
const portion = 500;

type Findings = Omit<Receipt, 'form' | 'mayBeFormatted' | 'because' | 'flawedCount' | 'missingCount'> & {
  /** Another program kept writing to the card while it was copied. */
  readonly isStillWritten: boolean;
};

/** The card may be formatted only if each of its files is in a copy that was read back. */
export function receiptOf({ isStillWritten, ...found }: Findings): Receipt {
  const { files, copied, missing, flawed, alreadyCopied, passedOver } = found;
  const earlier = alreadyCopied.reduce((sum, each) => sum + each.files, 0);
  const isWhole = missing.length === 0 && !isStillWritten && copied + earlier === files;
  const because = [
    ...(isWhole ? [wholeText(found)] : []),
    ...(missing.length > 0
      ? [
          `${missing.length} of ${files} files could not be copied. Try another card reader: what is copied already is not copied again.`,
        ]
      : []),
    ...(isStillWritten ? ['Files came onto the card while it was copied. Copy it again.'] : []),
    ...(flawed.length > 0 ? [flawedText(flawed.length)] : []),
    ...(passedOver.link > 0
      ? [`${passedOver.link} links and special files hold nothing of their own and were left out.`]
      : []),
  ];
  return {
    form: 'outpost-card-receipt/1',
    ...found,
    flawed: flawed.slice(0, mostNamed),
    flawedCount: flawed.length,
    missing: missing.slice(0, mostNamed),
    missingCount: missing.length,
    mayBeFormatted: isWhole,
    because,
  };
}

const wholeText = (found: Omit<Findings, 'isStillWritten'>): string =>
  wasAllKnown(found)
    ? `All ${found.files} files of the card had been copied before, and each copy was read back now.`
    : `All ${found.files} files of the card are copied, and each copy was read back.`;

const flawedText = (count: number): string =>
  count === 1
    ? '1 photo looks damaged on the card itself: copied as it is. Whoever wants to have it restored keeps the card: programs for that need it as it is.'
    : `${count} photos look damaged on the card itself: copied as they are. Whoever wants to have them restored keeps the card: programs for that need it as it is.`;

/** The receipt as plain text, to be printed or stored with the card. */
export function receiptText(receipt: Receipt): string {
  const { card, site, copy, files, bytes, copied, alreadyCopied, flawed, missing } = receipt;
  const named = (title: string, list: Receipt['missing'], count: number): readonly string[] =>
    count === 0
      ? []
      : [
          '',
          `${title}:`,
          ...list.map(({ file, why }) => `  ${shownName(file)}: ${why}`),
          ...(count > list.length ? [`  and ${count - list.length} more`] : []),
        ];
  return [
    receipt.mayBeFormatted ? 'The card may be formatted.' : 'DO NOT FORMAT THE CARD.',
    ...receipt.because.map((reason) => `  ${reason}`),
    '',
    `Card:     ${[card.label, card.volume].filter(Boolean).join(', ') || card.place}`,
    ...(site === null ? [] : [`Place:    ${site}`]),
    ...(copied === 0 ? [] : [`Copy:     ${shownName(copy)}`]),
    `Files:    ${files} on the card, ${sizeText(bytes)}; ${copied} copied`,
    ...alreadyCopied.map((each) => `Earlier:  ${each.files} in ${shownName(each.copy)}`),
    `From, to: ${receipt.startedAt}, ${receipt.endedAt}`,
    ...named('Not copied', missing, receipt.missingCount),
    ...named('Damaged on the card', flawed, receipt.flawedCount),
    '',
    `Outpost ${receipt.appVersion}`,
    '',
  ].join('\n');
}

/** As a card's label says it, with the number that other programs show beside it. */
function sizeText(bytes: number): string {
  const units = ['kB', 'MB', 'GB', 'TB'];
  const step = Math.min(units.length, Math.floor(Math.log10(Math.max(1, bytes)) / 3));
  return step === 0
    ? `${bytes} bytes`
    : `${(bytes / 1000 ** step).toFixed(1)} ${units[step - 1]} (${bytes} bytes)`;
}

type ReceiptFiles = { readonly json: string; readonly text: string; readonly sums: string };
export const receiptFiles = (copy: string): ReceiptFiles => ({
  json: `${copy}.receipt.json`,
  text: `${copy}.receipt.txt`,
  sums: `${copy}.sha256`,
});

/** Writes the receipt beside the copy, with a checksum file that `sha256sum -c` reads in the folder of the copy. */
export async function writeReceipt(
  store: Pick<Store, 'filesOfIntake'>,
  receipt: Receipt,
  intake: number,
): Promise<void> {
  const files = receiptFiles(receipt.copy);
  const sums = await openOutput(files.sums);
  try {
    for (let after = ''; ;) {
      const rows = await store.filesOfIntake(intake, { after, limit: portion });
      for (const { below, digest } of rows) await sums.write(sumLine(below, digest));
      after = rows.at(-1)?.below ?? '';
      if (rows.length < portion) break;
    }
    await sums.keep();
  } catch (error) {
    await sums.discard();
    throw error;
  }
  await writeDurably(files.json, `${JSON.stringify(receipt, null, 2)}\n`, 0o644);
  await writeDurably(files.text, receiptText(receipt), 0o644);
}

/** GNU coreutils format: if the name holds a line break or a backslash it is escaped, and the line begins with a backslash. */
function sumLine(below: string, digest: string): Uint8Array {
  const name = below.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return Buffer.concat([
    Buffer.from(`${name === below ? '' : '\\'}${hexOf(digest)}  `),
    bytesOf(name),
    Buffer.from('\n'),
  ]);
}
