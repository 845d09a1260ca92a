import type { Handlers } from '../ipc.ts';
import { accessCalls } from './access.ts';
import { appCalls } from './app.ts';
import { cacheCalls } from './cache.ts';
import { departCalls } from './depart.ts';
import { doctorCalls } from './doctor.ts';
import { fileCalls } from './files.ts';
import { importCalls } from './imports.ts';
import { lifecycleCalls } from './lifecycle.ts';
import { modelCalls } from './models.ts';
import { monitorCalls } from './monitor.ts';
import { packCalls } from './pack.ts';
import type { CallParts } from './parts.ts';
import { predictCalls } from './predict.ts';
import { runCalls } from './runs.ts';
import { settingCalls } from './settings.ts';
import { trialCalls } from './trials.ts';
import { updateCalls } from './updates.ts';

export function handlersOf(parts: CallParts): Handlers {
  return {
    ...accessCalls(parts),
    ...appCalls(parts),
    ...cacheCalls(parts),
    ...departCalls(parts),
    ...doctorCalls(parts),
    ...fileCalls(parts),
    ...importCalls(parts),
    ...lifecycleCalls(parts),
    ...modelCalls(parts),
    ...monitorCalls(parts),
    ...packCalls(parts),
    ...predictCalls(parts),
    ...runCalls(parts),
    ...settingCalls(parts),
    ...trialCalls(parts),
    ...updateCalls(parts),
  };
}
