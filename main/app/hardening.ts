import { app } from 'electron';
import type { Session, WebContents, WebPreferences } from 'electron';
import type { Log } from './log.ts';

/** Web preferences of every page, spelled out: a change of Electron's defaults must not weaken them. */
export const pagePreferences = {
  sandbox: true,
  contextIsolation: true,
  nodeIntegration: false,
  nodeIntegrationInWorker: false,
  nodeIntegrationInSubFrames: false,
  webSecurity: true,
  webviewTag: false,
  allowRunningInsecureContent: false,
  experimentalFeatures: false,
  navigateOnDragDrop: false,
  safeDialogs: true,
  // Dictionaries would be downloaded.
  spellcheck: false,
} as const satisfies WebPreferences;

/** Schemes that never leave this process. */
const ownSchemes = new Set(['outpost:', 'blob:', 'data:']);

/** Switches that must be set before the program is ready. */
export function hardenSwitches(devServer: string | undefined): void {
  // With `--no-sandbox` on the line (root in a container) Chromium would refuse to start.
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
  app.commandLine.appendSwitch('disable-background-networking');
  app.commandLine.appendSwitch(
    'disable-features',
    'MediaRouter,OptimizationHints,AutofillServerCommunication',
  );
  // Chromium never looks up a name, whoever asks: pages could tell by look-ups alone (dns-prefetch, WebRTC). Updates use Node's network.
  if (!devServer) app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
}

/** No permission, no device, no download, and no request that leaves this computer. */
export function hardenSession(session: Session, devServer: string | undefined, log: Log): void {
  session.setPermissionRequestHandler((_contents, _permission, answer) => answer(false));
  session.setPermissionCheckHandler(() => false);
  session.setDevicePermissionHandler(() => false);
  session.on('will-download', (event) => event.preventDefault());
  session.webRequest.onBeforeRequest((details, answer) => {
    const allowed = isOwnRequest(details.url, devServer);
    if (!allowed) log.write('warn', `a request of the page was refused (${details.resourceType})`);
    answer({ cancel: !allowed });
  });
}

/** No page may navigate away or open another window. */
export function hardenContents(contents: WebContents, log: Log): void {
  const refuse = (what: string) => (event: { preventDefault(): void }) => {
    event.preventDefault();
    log.write('warn', `${what} was refused`);
  };
  contents.on('will-navigate', refuse('a navigation'));
  contents.on('will-frame-navigate', refuse('a navigation of a frame'));
  contents.on('will-redirect', refuse('a redirect'));
  contents.on('will-attach-webview', refuse('a webview'));
  contents.setWindowOpenHandler(() => ({ action: 'deny' }));
}

function isOwnRequest(url: string, devServer: string | undefined): boolean {
  if (!URL.canParse(url)) return false;
  const asked = new URL(url);
  if (ownSchemes.has(asked.protocol)) return true;
  if (!devServer) return false;
  if (asked.protocol === 'devtools:' || asked.protocol === 'chrome-extension:') return true;
  return (
    asked.host === new URL(devServer).host && ['http:', 'https:', 'ws:', 'wss:'].includes(asked.protocol)
  );
}
