import { describe, expect, it } from 'vitest';
import type { ModelSummary } from '../../../contract/packs/model.ts';
import { modelInUse } from '../../../renderer/state/model-in-use.ts';

const model = (ref: string, more: Partial<ModelSummary> = {}): ModelSummary => {
  const [id = '', version = ''] = ref.split('@');
  return {
    ref,
    id,
    version,
    title: id,
    summary: '',
    task: 'image-classification',
    licence: '',
    digest: '',
    size: 1,
    labels: 2,
    variants: [],
    trust: 'local',
    state: 'active',
    label: 'stable',
    samples: 0,
    thresholds: null,
    fault: null,
    ...more,
  };
};
const birds = model('birds@1.0.0', { trust: 'built-in' });
const colours = model('colours@1.0.0');

describe('the model in use', () => {
  it('stays the same model when a new version of it answers, though another stands before that version', () => {
    const former = model('birds@1.0.0', { trust: 'built-in', state: 'previous', label: 'previous' });
    const watched = model('birds@1.1.0', { state: 'active', label: null });
    expect(modelInUse([former, colours, watched], null)?.ref).toBe('birds@1.1.0');
  });

  it('stays the same model when it was set aside: that is said, not answered by another', () => {
    expect(modelInUse([{ ...birds, state: 'quarantined' }, colours], null)?.ref).toBe('birds@1.0.0');
    expect(modelInUse([birds, { ...colours, state: 'quarantined' }], 'colours')?.ref).toBe('colours@1.0.0');
  });

  it('is the chosen model with the version that answers, or the chosen version', () => {
    const next = model('colours@2.0.0', { state: 'on-trial', label: null });
    expect(modelInUse([birds, next, colours], 'colours')?.ref).toBe('colours@1.0.0');
    expect(modelInUse([birds, next, colours], 'colours@2.0.0')?.ref).toBe('colours@2.0.0');
    expect(modelInUse([birds, colours], 'colours@9.9.9')?.ref).toBe('colours@1.0.0');
  });

  it('is the first where the chosen one is gone, and none where none answers photos', () => {
    expect(modelInUse([birds, colours], 'gone')?.ref).toBe('birds@1.0.0');
    expect(modelInUse([model('numbers@1.0.0', { task: 'tensor' })], null)).toBeNull();
    expect(modelInUse([{ ...birds, state: 'refused' }], null)).toBeNull();
  });
});
