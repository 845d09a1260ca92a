import path from 'node:path';
import { BaseSequencer } from 'vitest/node';
import { root } from '../setup/paths.mjs';

/** Files that take longest, by their processor time. One that begins last keeps one core busy while the others wait for it. */
const slow = {
  'test/flow':
    'clients cli-store feed-cli queue pipeline-feed two-machines serve-scaling serve-versions lifecycle-kills ' +
    'serve-many run-kills run-worker-kills pack-cli',
  'test/packs/build/tasks': 'detectors',
  'test/lifecycle': 'swap policy pipelines fetched',
  'test/engine/runs': 'watch pauses',
  'test/engine/pool': 'failing-workers',
  'test/feed': 'rotate',
};
const inOrder = Object.entries(slow).flatMap(([folder, names]) =>
  names.split(' ').map((name) => `${folder}/${name}.test.ts`),
);
const rankOf = ({ moduleId }) => {
  const at = inOrder.indexOf(path.relative(root, moduleId).replaceAll(path.sep, '/'));
  return at === -1 ? inOrder.length : at;
};

/** A clean clone has no durations of earlier runs, by which Vitest would begin with the slow files. */
export class SlowFirst extends BaseSequencer {
  async sort(files) {
    const sorted = await super.sort(files);
    // Projects stay one after the other: their files share processes.
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    const placeOf = ({ project }) => projects.indexOf(project.name);
    return sorted.sort((one, other) => placeOf(one) - placeOf(other) || rankOf(one) - rankOf(other));
  }
}
