import { app } from 'electron';
import { beginApp } from './app/lifecycle.ts';

// No `await` at the top: `ready` does not fire before this module has run to its end.
beginApp({
  argv: process.argv,
  environment: process.env,
  devServer: app.isPackaged ? undefined : process.env['ELECTRON_RENDERER_URL'],
});
