import '@fontsource-variable/inter/wght.css';
import '@fontsource/ibm-plex-mono/400.css';
import '@mantine/core/styles.layer.css';
import './tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './frame/frame.css';
import './parts/parts.css';
import './screens/try/try.css';
import './screens/try/pane-edge.css';
import './screens/try/run/run.css';
import './screens/models/models.css';
import './screens/models/versions/versions.css';
import './screens/trial/trial.css';
import './screens/monitor/monitor.css';
import './screens/settings/settings.css';
import './screens/api/api.css';
import './screens/make/make.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { restoreLook } from './actions/keep-look.ts';
import { App } from './app.tsx';
import { startWords } from './words/words.ts';

await Promise.all([startWords(), restoreLook()]);
const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
