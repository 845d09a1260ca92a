import { row } from './fault-row.ts';

/** Runs over many files. See fault-table.ts for what the columns mean. */
export const runFaults = {
  'run-under-way': row(
    1,
    409,
    true,
    'Run {run} is under way.',
    'Pause or stop it first, or wait until it is done.',
  ),
  'run-not-under-way': row(
    1,
    409,
    false,
    'The run is not under way any more.',
    'See `outpost run list`; one that was paused, stopped or interrupted can be gone on with.',
  ),
  'run-finished': row(
    1,
    409,
    false,
    'The run is already done: nothing of it is missing.',
    'Answer the failed ones again, or run all of it again.',
  ),
  'run-not-repeatable': row(
    1,
    409,
    false,
    'Run {run} was made by an older Outpost, which did not keep what it was asked for.',
    'Choose its folder again: what was answered is taken from the store.',
  ),
  'run-model-changed': row(
    1,
    409,
    false,
    '{model} is not the model that run {run} began with: its files are others now.',
    'Install that model again, or run all of it again with another version.',
  ),
  'run-unanswered': row(
    1,
    504,
    true,
    'The Outpost that works on run {run} did not react within {seconds} s.',
    'Look whether its window or command still runs, then try again.',
  ),
  'drive-gone': row(
    1,
    409,
    true,
    '{folder} is gone: its drive was taken out, or does not answer.',
    'Put it back, and the run goes on where it was. All that was answered is kept.',
  ),
  'card-not-found': row(
    1,
    404,
    true,
    'No card can be read at {folder}.',
    'Put it in, or name the folder where it is mounted.',
  ),
  'card-empty': row(
    1,
    400,
    false,
    'No file of a camera is on the card at {folder}.',
    'Check that it is the right card. Bins and indexes that computers write are not counted.',
  ),
  'copy-on-card': row(
    1,
    422,
    false,
    '{folder} lies on the card itself.',
    'Choose a folder on another drive: a copy on the card would be lost with it.',
  ),
  'no-room-for-card': row(
    1,
    507,
    true,
    'The card needs {needed} MiB, and {folder} has room for {free} MiB.',
    'Free some space or choose a folder on another drive. Nothing was copied.',
  ),
  'not-a-folder': row(1, 422, false, '{file} is not a folder.', 'Name the folder that it lies in.'),
} as const;
