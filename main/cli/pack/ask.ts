import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { printable } from '../paint.ts';
import { validateAnswer, questions } from '../../packs/build/index.ts';
import type { Answers, Missing } from '../../packs/build/index.ts';

type Dialogue = { readonly input: Readable; readonly output: Writable; readonly signal?: AbortSignal };

/** Asks for each thing in turn, again until the answer fits; null when whoever sits there leaves (Ctrl-D). */
export async function askFor(missing: readonly Missing[], dialogue: Dialogue): Promise<Answers | null> {
  const reader = createInterface({
    input: dialogue.input,
    terminal: false,
    signal: dialogue.signal,
  });
  const lines = reader[Symbol.asyncIterator]();
  const answers: Record<string, string> = {};
  try {
    for (const one of missing) {
      const answer = await askOne(one, dialogue, lines);
      if (answer === null) return null;
      answers[one.question] = answer;
    }
    return answers;
  } finally {
    reader.close();
  }
}

async function askOne(
  { question, suggestion, choices }: Missing,
  { output }: Dialogue,
  lines: AsyncIterator<string>,
): Promise<string | null> {
  const { meaning } = questions[question];
  if (choices) output.write(`${choices.map((each) => `  ${printable(each.meaning)}\n`).join('')}`);
  for (;;) {
    output.write(`${question} (${meaning})${suggestion === null ? '' : ` [${suggestion}]`}: `);
    const line = await lines.next();
    if (line.done) {
      output.write('\n');
      return null;
    }
    const answer = line.value.trim() || suggestion;
    if (answer === null) continue;
    const wrong = validateAnswer(question, answer);
    if (wrong === null) return answer;
    output.write(`  ${wrong}\n`);
  }
}
