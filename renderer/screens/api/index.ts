import './api.css';
export { ApiConsent } from './api-consent.tsx';
export { ApiView } from './api-view.tsx';
