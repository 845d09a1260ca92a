import type { DepartureReport, DepartureRow } from '../../../contract/departure.ts';

const words: Readonly<Record<DepartureRow['state'], string>> = {
  ok: 'in order',
  look: 'have a look',
  stop: 'DO THIS FIRST',
  unknown: 'cannot be said',
};
const titles: Readonly<Record<DepartureRow['check'], string>> = {
  models: 'Models',
  golden: 'Golden samples',
  providers: 'Runs on',
  disk: 'Disk',
  licence: 'Licences',
  feed: 'Feed',
  clock: 'Clock',
  battery: 'Battery',
  store: 'Kept answers',
};

/** One page, black on white, with nothing from elsewhere in it. */
export function slipPage({ at, computer, appVersion, isReady, rows }: DepartureReport): string {
  const lines = rows.map(
    ({ check, state, text, todo }) =>
      `<tr class="${state}"><td class="box"></td><th scope="row">${titles[check]}</th><td>${escape(text)}${todo ? `<br><strong>${escape(todo)}</strong>` : ''}</td><td>${words[state]}</td></tr>`,
  );
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<title>Departure check, ${escape(computer)}, ${at.slice(0, 10)}</title>
<style>
body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; margin: 18mm; }
h1 { font-size: 18pt; margin: 0 0 2mm; }
table { border-collapse: collapse; width: 100%; margin: 8mm 0; }
td, th { text-align: left; vertical-align: top; padding: 2.5mm 3mm; border-bottom: 0.3mm solid #000; }
.box { width: 5mm; } .box::before { content: ''; display: block; width: 4mm; height: 4mm; border: 0.4mm solid #000; }
.ok .box::before { content: '✓'; line-height: 4mm; text-align: center; }
</style>
<h1>${isReady ? 'Ready to leave' : 'Not ready yet'}</h1>
<p>${escape(computer)}, Outpost ${escape(appVersion)}, ${at.slice(0, 16).replace('T', ' ')} UTC</p>
<table>
${lines.join('\n')}
</table>
<p>Checked by ______________________________</p>
</html>
`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
