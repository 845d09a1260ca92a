import './chart.css';
export type { ChartMark, Line } from './chart-lines.ts';
export { LineChart } from './line-chart.tsx';
