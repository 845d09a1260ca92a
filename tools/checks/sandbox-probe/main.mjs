// Says whether a sandboxed window can open on this machine: started by the tests with Chromium's sandbox on.
import { app, BrowserWindow } from 'electron';

async function main() {
  await app.whenReady();
  const window = new BrowserWindow({ show: false, webPreferences: { sandbox: true } });
  window.webContents.on('render-process-gone', () => app.exit(1));
  await window.loadURL('data:text/html,<p>here</p>');
  console.log('sandboxed window loaded');
  app.exit(0);
}

main().catch((error) => {
  console.error(error);
  app.exit(1);
});
