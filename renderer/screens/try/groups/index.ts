export { GroupsLink } from './groups-link.tsx';
export { GroupsView } from './groups-view.tsx';
