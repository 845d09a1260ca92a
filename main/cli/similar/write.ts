import type { GroupsResult, SimilarResult, SimilarPhoto } from '../../../contract/runs/similar.ts';
import { shownName } from '../../lib/file-names.ts';
import type { FormatName } from '../options.ts';
import { columns, fit, printable } from '../paint.ts';

type Look = { readonly format: FormatName; readonly width: number };

/** Photos most alike first, as text in a format; nothing where there is none. */
export function photosText(
  answer: SimilarResult,
  { photo, format, width }: Look & { readonly photo: string },
): string {
  const { photos, ...compared } = answer;
  const { model, version, packDigest, variant } = compared;
  switch (format) {
    case 'json':
      return `${JSON.stringify({ photo, ...compared, photos }, null, 2)}\n`;
    case 'jsonl':
      return photos
        .map(({ path, ...rest }) =>
          lineOf({ photo, input: path, ...rest, model, version, packDigest, variant }),
        )
        .join('');
    case 'csv':
      return [
        ['input', 'similarity', 'label', 'score', 'digest', 'copies'],
        ...photos.map(({ path, similarity, label, score, digest, copies }) => [
          path,
          similarity,
          label ?? '',
          score ?? '',
          digest,
          copies.length,
        ]),
      ]
        .map(rowOf)
        .join('');
    case 'table':
      return photos.length === 0 ? '' : `${columns(photos.map((each) => tableRow(each, width)))}\n`;
  }
}

/** A group a line; a row a photo in CSV, with the number of its group. */
export function groupsText(answer: GroupsResult, { format, width }: Look): string {
  const { groups, ...compared } = answer;
  const { model, version, packDigest, variant } = compared;
  switch (format) {
    case 'json':
      return `${JSON.stringify({ ...compared, groups }, null, 2)}\n`;
    case 'jsonl':
      return groups
        .map((group, at) => lineOf({ group: at + 1, ...group, model, version, packDigest, variant }))
        .join('');
    case 'csv':
      return [
        ['group', 'input', 'similarity', 'writtenAt', 'digest'],
        ...groups.flatMap(({ similarity, photos }, at) =>
          photos.map(({ path, writtenAt, digest }) => [at + 1, path, similarity, writtenAt, digest]),
        ),
      ]
        .map(rowOf)
        .join('');
    case 'table':
      return groups
        .map(({ similarity, photos }, at) => {
          const head = `${at + 1}  ${photos.length} photos, ${similarity.toFixed(3)} and more`;
          const rows = photos.map(
            ({ path, writtenAt }) =>
              `   ${writtenAt.slice(0, 19).replace('T', ' ')}  ${fit(path, Math.max(20, width - 24), 0)}`,
          );
          return `${[head, ...rows].join('\n')}\n`;
        })
        .join('');
  }
}

const lineOf = (value: object): string => `${JSON.stringify(value)}\n`;

const rowOf = (cells: readonly (string | number)[]): string =>
  `${cells
    .map((cell) => {
      const text = typeof cell === 'string' ? shownName(cell) : String(cell);
      return /[",\r\n]/u.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
    })
    .join(',')}\r\n`;

const tableRow = ({ path, similarity, label, copies }: SimilarPhoto, width: number): readonly string[] => [
  similarity.toFixed(3),
  fit(path, Math.max(20, width - 48), 0),
  printable(fit(label ?? '', 24)),
  copies.length === 0 ? '' : `and ${copies.length} ${copies.length === 1 ? 'copy' : 'copies'}`,
];
