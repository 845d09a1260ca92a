import { app } from 'electron';
import { beginApp, beginCommand } from './app/lifecycle.ts';

// ONNX Runtime's own builds report what runs to their maker unless they are told not to. Workers inherit it.
process.env['ORT_DISABLE_TELEMETRY'] = '1';

// No `await` at the top: `ready` does not fire before this module has run to its end.
const isCommand = beginCommand({
  argv: process.argv,
  environment: process.env,
  // Loaded only for a command: the window does not wait for it.
  answer: async (args, host) => (await import('./cli/index.ts')).main(args, host),
});
if (!isCommand)
  beginApp({
    argv: process.argv,
    environment: process.env,
    devServer: app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'],
  });
