import type { Handlers } from '../ipc.ts';
import { appCalls } from './app.ts';
import { cacheCalls } from './cache.ts';
import { doctorCalls } from './doctor.ts';
import { fileCalls } from './files.ts';
import { modelCalls } from './models.ts';
import type { CallParts } from './parts.ts';
import { predictCalls } from './predict.ts';
import { runCalls } from './runs.ts';
import { settingCalls } from './settings.ts';

export function handlersOf(parts: CallParts): Handlers {
  return {
    ...appCalls(parts),
    ...cacheCalls(parts),
    ...doctorCalls(parts),
    ...fileCalls(parts),
    ...modelCalls(parts),
    ...predictCalls(parts),
    ...runCalls(parts),
    ...settingCalls(parts),
  };
}
