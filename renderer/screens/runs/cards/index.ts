import './cards.css';
export { CardOffers } from './card-offers.tsx';
export { CardPane } from './card-pane.tsx';
export { CopyCard } from './copy-card.tsx';
