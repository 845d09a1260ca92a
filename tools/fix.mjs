// `npm run fix`: what can be put right without thinking: formatting, and the lint findings that fix themselves.
import path from 'node:path';
import { ensureReady, runTool } from './setup/index.mjs';
import { nodeModules, root } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

await runTool(async () => {
  await ensureReady({ electron: false });
  const tool = (...parts) => path.join(nodeModules, ...parts);
  const lint = await run(process.execPath, [tool('oxlint', 'bin', 'oxlint'), '--type-aware', '--fix', '.'], {
    cwd: root,
    echo: true,
  });
  const format = [
    tool('prettier', 'bin', 'prettier.cjs'),
    '--write',
    '--cache',
    '--cache-strategy',
    'content',
    '--log-level',
    'warn',
    '.',
  ];
  const written = await run(process.execPath, format, { cwd: root, echo: true });
  return lint.code || written.code;
});
