// `npm run fix`: what can be put right without thinking: formatting, and the lint findings that fix themselves.
import { prettierOptions, programs } from './checks/runners.mjs';
import { ensureReady, runTool } from './setup/index.mjs';
import { root } from './setup/paths.mjs';
import { run } from './setup/run.mjs';

await runTool(async () => {
  await ensureReady({ electron: false });
  const here = { cwd: root, echo: true };
  const lint = await run(process.execPath, [programs.oxlint, '--type-aware', '--fix', '.'], here);
  const written = await run(process.execPath, [programs.prettier, '--write', ...prettierOptions], here);
  return lint.code || written.code;
});
