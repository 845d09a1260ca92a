import { useEffect } from 'react';
import { dropFiles } from '../actions/pick-files.ts';
import { showModel } from '../actions/move.ts';
import { acts } from '../actions/shortcuts.ts';
import { takeSelection } from '../actions/take-selection.ts';
import { useCell } from '../state/cell.ts';
import { followEvents } from '../state/events.ts';
import { useFollowOthers } from '../state/follow-others.ts';
import { place } from '../state/navigation.ts';
import { announcement } from '../state/notices.ts';
import { ApiConsent, ApiView } from '../screens/api/index.ts';
import { DropVeil } from './drop-veil.tsx';
import { Head } from './head.tsx';
import { ImportDialog } from '../screens/import/index.ts';
import { KeyList } from './key-list.tsx';
import { ModelsView } from '../screens/models/index.ts';
import { MonitorView } from '../screens/monitor/index.ts';
import { Navigation } from './navigation.tsx';
import { NoticeBar } from './notice-bar.tsx';
import { RunsView } from '../screens/runs/index.ts';
import { SettingsView } from '../screens/settings/index.ts';
import { StatusBar } from './status-bar.tsx';
import { TryView } from '../screens/try/index.ts';
import { useKeepFocus } from './use-keep-focus.ts';
import { useShellTexts } from './use-shell-texts.ts';
import { useShortcuts } from './use-shortcuts.ts';
import { useWindowTitle } from './use-window-title.ts';
import { usePageText } from '../state/use-page-text.ts';

const views = {
  try: TryView,
  runs: RunsView,
  models: ModelsView,
  settings: SettingsView,
  api: ApiView,
  monitor: MonitorView,
} as const;

/** The permanent parts of the window: navigation, current place and status bar. */
export function Frame() {
  const at = useCell(place);
  const View = views[at];
  const announced = useCell(announcement);
  const pageText = usePageText();
  useShortcuts();
  useKeepFocus();
  useFollowOthers();
  useShellTexts();
  useWindowTitle(at);
  useEffect(
    () =>
      followEvents((event) => {
        if (event.kind === 'model-opened') void showModel(event.model);
        else if (event.kind === 'menu-chosen') acts[event.act]();
        else void takeSelection(event.selection);
      }),
    [],
  );
  return (
    <div className="app">
      <Navigation at={at} />
      <div className="main">
        <Head at={at} />
        <NoticeBar />
        <main className="content" tabIndex={-1}>
          <View />
        </main>
      </div>
      <StatusBar />
      <DropVeil onFiles={(files) => void dropFiles(files)} />
      <KeyList />
      <ImportDialog />
      <ApiConsent />
      <div className="hidden-words" role="status">
        {announced ? pageText(announced) : ''}
      </div>
    </div>
  );
}
