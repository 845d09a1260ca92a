import '@fontsource-variable/inter/wght.css';
import '@fontsource/ibm-plex-mono/400.css';
import '@mantine/core/styles.layer.css';
import './tokens.css';
import './styles/base.css';
import './styles/controls.css';
import './styles/panes.css';
import './parts/parts.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { restoreLook } from './actions/keep-look.ts';
import { App } from './app.tsx';
import { startTranslation } from './words/translations.ts';

await Promise.all([startTranslation(), restoreLook()]);
const root = document.getElementById('root');
if (!root) throw new Error('The page has no #root.');
createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
