// `node tools/setup.mjs`: makes the checkout ready for development and tests, and says where the Electron runtime lies.
import { ensureReady, runTool } from './setup/index.mjs';

await runTool(async () => {
  const { runtime } = await ensureReady({ display: 'virtual' });
  console.log(`Electron runtime: ${runtime.executable}`);
});
