import { performance } from 'node:perf_hooks';
import { counter, gauge } from './family.ts';
import type { Family } from './family.ts';

/** Of this process alone, under the names that every exporter uses; nothing is watched between two looks. */
export function processFamilies(): readonly Family[] {
  const { user, system } = process.cpuUsage();
  const { rss, heapUsed, heapTotal, external } = process.memoryUsage();
  const startedS = Math.round((Date.now() - process.uptime() * 1000) / 1000);
  return [
    counter('process_cpu_seconds_total', 'Processor time of this process, without its workers.', [
      { labels: {}, value: (user + system) / 1e6 },
    ]),
    gauge('process_resident_memory_bytes', 'Resident memory of this process, without its workers.', rss),
    gauge('process_start_time_seconds', 'Start of this process since 1970.', startedS),
    gauge('nodejs_heap_size_used_bytes', 'Heap in use.', heapUsed),
    gauge('nodejs_heap_size_total_bytes', 'Heap that was asked of the system.', heapTotal),
    gauge('nodejs_external_memory_bytes', 'Memory of buffers outside the heap.', external),
    gauge(
      'nodejs_eventloop_utilization',
      'Share of its time that the event loop was busy, since the start.',
      performance.eventLoopUtilization().utilization,
    ),
  ];
}
