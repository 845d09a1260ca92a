import type { DepartureReport, DepartureRow, DepartureTexts } from '../../contract/lifecycle/departure.ts';

const states: Readonly<Record<DepartureRow['state'], string>> = {
  ok: 'Ready',
  look: 'Look',
  stop: 'To do',
  unknown: 'Unknown',
};
const names: Readonly<Record<DepartureRow['check'], string>> = {
  models: 'Models',
  golden: 'Golden samples',
  trial: 'New versions',
  providers: 'Runs on',
  disk: 'Free disk',
  licence: 'Licences',
  feed: 'Feed',
  clock: 'Clock',
  battery: 'Battery',
  store: 'Answers',
};

/** As the window says it in English. */
export function englishTexts({ at, computer, appVersion, isReady, rows }: DepartureReport): DepartureTexts {
  const todo = rows.filter(({ state }) => state === 'stop').length;
  return {
    language: 'en',
    title: 'Departure check',
    headline: isReady ? 'Ready to leave' : `${todo} ${todo === 1 ? 'thing' : 'things'} to do first`,
    checked: `${computer}, Outpost ${appVersion}, ${at.slice(0, 16).replace('T', ' ')} UTC`,
    checkedBy: 'Checked by',
    rows: rows.map(({ check, state, text, todo: first }) => ({
      isReady: state === 'ok',
      name: names[check],
      text,
      todo: first,
      state: states[state],
    })),
  };
}

/** One page, black on white, with nothing from elsewhere in it. */
export function reportPage(report: DepartureReport, texts = englishTexts(report)): string {
  const lines = texts.rows.map(
    ({ isReady, name, text, todo, state }) =>
      `<tr class="${isReady ? 'ok' : 'open'}"><td class="box"></td><th scope="row">${escape(name)}</th><td>${escape(text)}${todo ? `<br><strong>${escape(todo)}</strong>` : ''}</td><td>${escape(state)}</td></tr>`,
  );
  return `<!doctype html>
<html lang="${escape(texts.language)}">
<meta charset="utf-8">
<title>${escape(texts.title)}, ${escape(report.computer)}, ${report.at.slice(0, 10)}</title>
<style>
body { font: 11pt/1.45 system-ui, sans-serif; color: #000; background: #fff; margin: 18mm; }
h1 { font-size: 18pt; margin: 0 0 2mm; }
table { border-collapse: collapse; width: 100%; margin: 8mm 0; }
td, th { text-align: left; vertical-align: top; padding: 2.5mm 3mm; border-bottom: 0.3mm solid #000; }
.box { width: 5mm; } .box::before { content: ''; display: block; width: 4mm; height: 4mm; border: 0.4mm solid #000; }
.ok .box::before { content: '✓'; line-height: 4mm; text-align: center; }
</style>
<h1>${escape(texts.headline)}</h1>
<p>${escape(texts.checked)}</p>
<table>
${lines.join('\n')}
</table>
<p>${escape(texts.checkedBy)} ______________________________</p>
</html>
`;
}

const escape = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
