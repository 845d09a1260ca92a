import { shownName } from '../../../lib/file-names.ts';
import type { ExportSource } from '../../types.ts';
import type { Gathered, LabelGroup, Shown } from './gather.ts';

/** Text of the report. Everything that comes from files or models goes through `escape`. */
export const escape = (text: string): string =>
  shownName(text).replaceAll(/[&<>"']/gu, (sign) => `&#${sign.charCodeAt(0)};`);

const percent = (share: number): string => `${Math.round(share * 1000) / 10} %`;
const count = (many: number, one: string): string => `${many} ${many === 1 ? one : `${one}s`}`;

/** The policy lets nothing in: the page is one file and asks no network. */
export const head = ({ title }: ExportSource): string => `<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; img-src data:; style-src 'unsafe-inline'">
<title>${escape(title)}</title><style>
:root{color-scheme:light dark;--line:#8886;--bar:#2f6fdb;--ink:CanvasText}
body{font:15px/1.5 system-ui,sans-serif;max-width:70rem;margin:2rem auto;padding:0 1rem}
h1{font-size:1.5rem;margin:0}h2{font-size:1.1rem;margin:2rem 0 .5rem}p.sub{margin:0;opacity:.75}
dl{display:flex;flex-wrap:wrap;gap:.5rem 2rem;margin:1rem 0}dt{opacity:.75}dd{margin:0;font-size:1.4rem}
table{border-collapse:collapse;width:100%}td,th{padding:.2rem .6rem .2rem 0;text-align:left;vertical-align:middle}
td.n{text-align:right;white-space:nowrap;font-variant-numeric:tabular-nums}td.b{width:55%}
td.b i{display:block;height:.9rem;background:var(--bar);min-width:1px}
ul{list-style:none;padding:0;display:grid;grid-template-columns:repeat(auto-fill,minmax(15rem,1fr));gap:1rem}
figure{margin:0}figure div{position:relative;background:#8883;aspect-ratio:4/3;display:grid;place-items:center}
figure img,figure svg{position:absolute;inset:0;width:100%;height:100%;object-fit:contain}
rect{fill:none;vector-effect:non-scaling-stroke}rect.o{stroke:#000;stroke-width:4}rect.i{stroke:#ffd60a;stroke-width:2}
figcaption{font-size:.85rem;overflow-wrap:anywhere}footer{margin:3rem 0;opacity:.75;font-size:.85rem}
</style></head><body>
`;

export function summary(source: ExportSource, { groups, confirmed, faults }: Gathered): string {
  const { title, model, version, startedAt, total } = source;
  const answered = groups.reduce((sum, group) => sum + group.count, 0);
  const figures = [
    ['Photos', total],
    ['Answered', answered],
    ['Not read', source.faults],
    ...(source.duplicates > 0
      ? [
          [
            source.choice.duplicates === 'leave-out' ? 'Duplicates, left out' : 'Duplicates among them',
            source.duplicates,
          ] as const,
        ]
      : []),
    ['Confirmed by a person', confirmed],
  ] as const;
  return `<h1>${escape(title)}</h1><p class="sub">${escape(model)} ${escape(version)} · begun ${escape(startedAt.slice(0, 16).replace('T', ' '))} UTC</p>
<dl>${figures.map(([name, value]) => `<div><dt>${name}</dt><dd>${value}</dd></div>`).join('')}</dl>
<h2>Photos by label</h2><table>${bars(groups, answered)}</table>
${faults.length > 0 ? `<h2>Not read</h2><table>${faults.map(faultRow).join('')}</table>` : ''}`;
}

/** Labels that have a bar of their own. */
const mostBars = 40;

function bars(groups: readonly LabelGroup[], answered: number): string {
  const most = groups[0]?.count ?? 1;
  const rest = groups.slice(mostBars).reduce((sum, group) => sum + group.count, 0);
  const rows = groups.slice(0, mostBars).map(({ label, count: of }) => bar(label, of, { most, answered }));
  if (rest > 0) rows.push(bar(`${groups.length - mostBars} other labels`, rest, { most, answered }));
  return rows.join('');
}

const bar = (name: string, of: number, { most, answered }: { most: number; answered: number }): string =>
  `<tr><th scope="row">${escape(name)}</th><td class="b"><i style="width:${Math.min(100, (of / most) * 100).toFixed(2)}%"></i></td><td class="n">${of}</td><td class="n">${percent(of / answered)}</td></tr>\n`;

const faultRow = ({ message, count: of, names }: Gathered['faults'][number]): string =>
  `<tr><td class="n">${of}</td><td>${escape(message)}</td><td>${names.map(escape).join('<br>')}${of > names.length ? `<br>and ${of - names.length} more` : ''}</td></tr>\n`;

export const groupHead = ({ label, count: of, shown }: LabelGroup): string =>
  `<h2>${escape(label)}: ${count(of, 'photo')}${of > shown.length ? `, the ${shown.length} with the highest scores` : ''}</h2><ul>`;

/** `jpeg`: null where the photo is not there any more. */
export function figure(
  { name, score, confirmed, site, takenAt, placed }: Shown,
  jpeg: Uint8Array | null,
): string {
  const picture = jpeg
    ? `<img alt="" src="data:image/jpeg;base64,${Buffer.from(jpeg).toString('base64')}">${placed ? boxesSvg(placed) : ''}`
    : '<span>not there any more</span>';
  const facts = [
    takenAt === null ? null : `${escape(takenAt.replace('T', ' '))}, ${escape(site)}`,
    score === null ? null : percent(score),
    placed && placed.boxes.length > 1 ? count(placed.boxes.length, 'box').replace('boxs', 'boxes') : null,
    confirmed === null ? null : `confirmed: ${escape(confirmed)}`,
  ].filter((fact) => fact !== null);
  return `<li><figure><div>${picture}</div><figcaption>${escape(name)}<br>${facts.join(' · ')}</figcaption></figure></li>\n`;
}

/** Bright inside dark, so that a box is seen on any photo. */
function boxesSvg({ width, height, boxes }: NonNullable<Shown['placed']>): string {
  const rects = boxes.flatMap(({ label, score, box: [left, top, right, bottom] }) =>
    ['o', 'i'].map(
      (kind) =>
        `<rect class="${kind}" x="${left}" y="${top}" width="${right - left}" height="${bottom - top}"><title>${escape(label)} ${percent(score)}</title></rect>`,
    ),
  );
  return `<svg viewBox="0 0 ${width} ${height}" role="img" aria-label="${escape(boxes.map(({ label }) => label).join(', '))}">${rects.join('')}</svg>`;
}

export const foot =
  '<footer>Made by Outpost. A model is often right and sometimes wrong: look at what matters.</footer></body></html>\n';
