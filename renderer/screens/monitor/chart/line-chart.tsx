import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef } from 'react';
import UPlot from 'uplot';
import { onLook } from './chart-look.ts';
import type { LineChartProps } from './chart-lines.ts';
import { chartOptions } from './chart-options.ts';

/** Lines over time, drawn on a canvas. Whoever shows it offers the same as a table. */
export function LineChart(props: LineChartProps) {
  const place = useRef<HTMLDivElement>(null);
  const drawn = useRef<UPlot | null>(null);
  const now = useRef(props);
  const { times, lines, marks, isLive, top } = props;
  const kinds = lines.map((line) => `${line.name} ${line.tone}`).join(', ');

  useEffect(() => {
    now.current = props;
  });
  useEffect(() => {
    const element = place.current;
    if (!element) return;
    const draw = (): void => {
      drawn.current?.destroy();
      const size = { width: element.clientWidth, height: element.clientHeight };
      drawn.current = new UPlot(
        chartOptions(size, () => now.current),
        dataOf(now.current),
        element,
      );
    };
    draw();
    const stopLook = onLook(draw);
    const resized = new ResizeObserver(() =>
      drawn.current?.setSize({ width: element.clientWidth, height: element.clientHeight }),
    );
    resized.observe(element);
    // Redraw once web fonts are loaded: text is measured when drawn.
    void document.fonts.ready.then(() => drawn.current?.redraw(false, true));
    return () => {
      stopLook();
      resized.disconnect();
      drawn.current?.destroy();
      drawn.current = null;
    };
  }, [kinds, top]);
  useEffect(() => {
    drawn.current?.setData(dataOf(now.current));
  }, [times, lines, marks, isLive]);

  return <div className="chart-canvas" ref={place} role="img" aria-label={props.label} />;
}

const dataOf = ({ times, lines }: LineChartProps): UPlot.AlignedData => [
  [...times],
  ...lines.map((line) => [...line.values]),
];
