import { createInterface } from 'node:readline/promises';
import type { Readable, Writable } from 'node:stream';
import { judgeAnswer, questions } from '../../packs/build/index.ts';
import type { Answers, Missing } from '../../packs/build/index.ts';

export type Dialogue = { readonly input: Readable; readonly output: Writable };

/** Asks for each thing in turn, again until the answer fits; null when whoever sits there leaves (Ctrl-D). */
export async function askFor(missing: readonly Missing[], dialogue: Dialogue): Promise<Answers | null> {
  const lines = createInterface({ ...dialogue, terminal: false });
  const gone = new AbortController();
  lines.once('close', () => gone.abort());
  const answers: Record<string, string> = {};
  try {
    for (const { question, suggestion } of missing) {
      const { words } = questions[question];
      for (let answer = ''; answer === '';) {
        const prompt = `${question} (${words})${suggestion === null ? '' : ` [${suggestion}]`}: `;
        const said = (await lines.question(prompt, { signal: gone.signal })).trim();
        answer = said === '' ? (suggestion ?? '') : said;
        const wrong = answer === '' ? null : judgeAnswer(question, answer);
        if (wrong !== null) {
          dialogue.output.write(`  ${wrong}\n`);
          answer = '';
        }
        if (answer !== '') answers[question] = answer;
      }
    }
    return answers;
  } catch (error) {
    if (gone.signal.aborted) return null;
    throw error;
  } finally {
    lines.close();
  }
}
