import '@fontsource-variable/inter/wght.css';
import '@fontsource/ibm-plex-mono/400.css';
import '@mantine/core/styles.layer.css';
import './tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/frame.css';
import './styles/parts.css';
import './styles/try.css';
import './styles/pane.css';
import './styles/run.css';
import './styles/models.css';
import './styles/lifecycle.css';
import './styles/trial.css';
import './styles/monitor.css';
import './styles/settings.css';
import './styles/api.css';
import './styles/make.css';
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
