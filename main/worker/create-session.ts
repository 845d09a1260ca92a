import { createRequire } from 'node:module';
import { InferenceSession } from 'onnxruntime-node';
import type { Tensor } from 'onnxruntime-node';

/** The addon takes the outputs that are wanted as members without a value. */
export type Fetches = Readonly<Record<string, null>>;
export type RunNow = (feeds: InferenceSession.FeedsType, fetches: Fetches) => InferenceSession.ReturnType;

/** The class of the native addon that a session of onnxruntime-node stands on. */
type NativeSession = {
  loadModel(...model: readonly [...source: unknown[], options: InferenceSession.SessionOptions]): void;
  run(feeds: InferenceSession.FeedsType, fetches: Fetches, options: object): Readonly<Record<string, Tensor>>;
};
type Addon = { InferenceSession: new () => NativeSession };

/** By the options that each was loaded with: the package passes on what stands in `extra` as the object that it is. */
const natives = new WeakMap<object, NativeSession>();
noteNatives();

/**
 * A session, and its run within one call. The addon runs a model synchronously; the package lets every run wait for a turn of the event
 * loop and three promises, which is more than a small model takes. Where its inside is another one day, `runNow` is null.
 */
export async function createSession(
  model: string | Uint8Array,
  options: InferenceSession.SessionOptions & { readonly extra: Record<string, unknown> },
): Promise<{ readonly session: InferenceSession; readonly runNow: RunNow | null }> {
  const session =
    typeof model === 'string'
      ? await InferenceSession.create(model, options)
      : await InferenceSession.create(model, options);
  const native = natives.get(options.extra);
  if (!native) return { session, runNow: null };
  const nothing = {};
  return {
    session,
    runNow: (feeds, fetches) => native.run(feeds, fetches, nothing),
  };
}

function noteNatives(): void {
  const addon = addonOf();
  if (!addon) return;
  const { InferenceSession: Native } = addon;
  addon.InferenceSession = class extends Native {
    override loadModel(...model: Parameters<NativeSession['loadModel']>): void {
      super.loadModel(...model);
      const { extra } = model.at(-1) as InferenceSession.SessionOptions;
      if (extra) natives.set(extra, this);
    }
  };
}

function addonOf(): Addon | null {
  try {
    const { binding } = createRequire(import.meta.url)('onnxruntime-node/dist/binding.js') as {
      binding?: Partial<Addon>;
    };
    const { loadModel, run } = (binding?.InferenceSession?.prototype ?? {}) as Partial<NativeSession>;
    return loadModel && run ? (binding as Addon) : null;
  } catch {
    return null;
  }
}
