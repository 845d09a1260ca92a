import { z } from 'zod';

/**
 * What can go wrong, once and for all: a closed table. `exit` is the process exit code when the fault stops a command
 * (1 nothing could start, 2 an input has a fault, 130 interrupted), `http` the status a server answers with, `retry`
 * whether the same request may succeed later without a change. `{name}` in a text is filled from the fault's params.
 */
const row = (exit: 1 | 2 | 130, http: number, retry: boolean, message: string, hint: string) =>
  ({ exit, http, retry, message, hint }) as const;

export const faultTable = {
  // inputs
  'file-not-found': row(
    2,
    404,
    false,
    '{file} is not there.',
    'Check the name, or put the card or stick back, then try again.',
  ),
  'file-unreadable': row(
    2,
    403,
    false,
    '{file} may not be read ({reason}).',
    'Ask for permission to read the file, or copy it to a folder of your own.',
  ),
  'file-changed': row(
    2,
    409,
    true,
    '{file} changed while it was being read.',
    'Wait until the copy is finished, then try again.',
  ),
  'file-empty': row(2, 422, false, '{file} is empty (0 bytes).', 'Copy the file from its source again.'),
  'file-too-large': row(
    2,
    413,
    false,
    '{file} has {size} bytes; at most {limit} are read.',
    'Save a smaller copy, then try again.',
  ),
  'not-a-file': row(
    2,
    422,
    false,
    '{file} is a {what}, not a file.',
    'Choose a regular file or a folder of files.',
  ),
  'not-a-picture': row(
    2,
    415,
    false,
    '{file} is not a picture ({reason}).',
    'Choose a JPEG, PNG, WebP, TIFF, GIF, AVIF or BMP file.',
  ),
  'image-unreadable': row(
    2,
    422,
    false,
    '{file} could not be read: {reason}.',
    'Copy the photo from its card again, then try once more.',
  ),
  'image-too-large': row(
    2,
    413,
    false,
    '{file} claims {width} × {height} pixels; at most {limit} megapixels are decoded.',
    'Save a smaller copy, then try again.',
  ),
  'folder-loop': row(
    2,
    508,
    false,
    '{file} leads back to a folder that contains it.',
    'The rest of the folder was read; remove the link to silence this.',
  ),
  'input-invalid': row(
    2,
    400,
    false,
    'Input {name} does not fit the model: {reason}.',
    'Compare with the inputs that `outpost models show` lists.',
  ),
  'nothing-to-do': row(
    1,
    400,
    false,
    'No photo was found in {file}.',
    'Choose a folder that holds JPEG, PNG, WebP, TIFF, GIF, AVIF or BMP files.',
  ),
  // requests
  usage: row(1, 400, false, '{reason}', 'See `outpost {command} --help`.'),
  'request-invalid': row(
    1,
    400,
    false,
    'The request for {call} is not valid: {reason}.',
    'Correct the named field, then try again.',
  ),
  'sender-refused': row(
    1,
    403,
    false,
    'The request came from a page that is not Outpost.',
    'Close the window and open Outpost again.',
  ),
  busy: row(
    2,
    503,
    true,
    '{waiting} requests are waiting already, and no more are taken.',
    'Try again in a moment.',
  ),
  cancelled: row(
    130,
    499,
    true,
    'Stopped before it was answered.',
    'What was finished is kept; run again to go on.',
  ),
  'shutting-down': row(1, 503, true, 'Outpost is closing.', 'Start it again, then try once more.'),
  // models
  'model-not-found': row(
    1,
    404,
    false,
    'There is no model {model}.',
    'See `outpost models list` for what is on this computer.',
  ),
  'version-not-found': row(
    1,
    404,
    false,
    'Model {model} has no version {version}; there is {available}.',
    'Name one of the versions that are on this computer.',
  ),
  'variant-not-found': row(
    1,
    404,
    false,
    'Model {model} has no variant {variant}; there is {available}.',
    'Choose one of the variants that the model has.',
  ),
  'task-mismatch': row(
    1,
    400,
    false,
    'Model {model} does {task}, which does not take {input}.',
    'Choose another model, or other input.',
  ),
  'pack-unreadable': row(1, 500, false, 'Pack {pack} cannot be read: {reason}.', 'Install the pack again.'),
  'pack-manifest-invalid': row(
    1,
    422,
    false,
    'The manifest of {pack} is not valid: {reason}.',
    'Get the pack again from where it came.',
  ),
  'pack-file-missing': row(1, 422, false, 'Pack {pack} lacks {file}.', 'Install the pack again.'),
  'pack-file-extra': row(
    1,
    422,
    false,
    'Pack {pack} holds {file}, which its manifest does not list.',
    'Remove the file, or install the pack again.',
  ),
  'pack-file-size': row(
    1,
    422,
    false,
    '{file} in pack {pack} has {size} bytes; its manifest says {expected}.',
    'Install the pack again.',
  ),
  'pack-file-digest': row(
    1,
    422,
    false,
    '{file} in pack {pack} is not the file that its manifest describes (SHA-256 differs).',
    'Install the pack again.',
  ),
  'pack-file-link': row(
    1,
    422,
    false,
    '{file} in pack {pack} is a {what}; a pack holds plain files only.',
    'Install the pack again.',
  ),
  'pack-path-outside': row(
    1,
    422,
    false,
    'Pack {pack} names {file}, which lies outside the pack.',
    'Do not use this pack; tell whoever gave it to you.',
  ),
  'pack-path-clash': row(
    1,
    422,
    false,
    'Pack {pack} names {file} twice but for upper and lower case.',
    'Do not use this pack; tell whoever gave it to you.',
  ),
  'pack-app-too-old': row(
    1,
    422,
    false,
    'Pack {pack} needs Outpost {needed}; this is {version}.',
    'Update Outpost, or use an older version of the model.',
  ),
  'model-rejected': row(
    1,
    422,
    false,
    'ONNX Runtime does not load {file}: {reason}.',
    'Use another variant or version of the model.',
  ),
  'model-quarantined': row(
    1,
    503,
    false,
    'Model {model} was set aside after it stopped its worker {crashes} times in a row.',
    'Use another version or variant, or start Outpost again to give it another chance.',
  ),
  // workers
  'worker-crashed': row(
    2,
    500,
    true,
    'The worker stopped while it had {file} ({reason}).',
    'Try again; if it happens with this file only, leave the file out.',
  ),
  'worker-timeout': row(
    2,
    504,
    true,
    'No answer for {file} within {seconds} s; the worker was stopped.',
    'Try again, or allow more time in Settings.',
  ),
  'model-load-timeout': row(
    1,
    504,
    true,
    'Model {model} was not loaded within {seconds} s.',
    'Try again, or use a smaller variant.',
  ),
  'provider-unavailable': row(
    1,
    503,
    false,
    '{provider} cannot be used for {model} on this computer: {reason}.',
    'Choose automatic or CPU.',
  ),
  // store and disk
  'disk-full': row(
    1,
    507,
    true,
    'The disk that holds {file} is full.',
    'Free some space; answers are given meanwhile but not kept.',
  ),
  'store-read-only': row(
    1,
    500,
    false,
    '{file} may not be written to.',
    'Give permission to write, or choose another data folder with --data.',
  ),
  'store-damaged': row(
    1,
    500,
    false,
    '{file} could not be opened: {reason}. It was set aside as {moved}.',
    'Nothing was deleted. A new, empty store is in use.',
  ),
  'store-unavailable': row(1, 503, true, 'The store did not answer: {reason}.', 'Start Outpost again.'),
  internal: row(1, 500, false, 'A fault in Outpost itself: {reason}.', 'Copy the details and report them.'),
} as const;

export type FaultCode = keyof typeof faultTable;
export const faultCodes = Object.keys(faultTable) as [FaultCode, ...FaultCode[]];

/** A failure as plain data: it crosses every border unchanged. `params` fill the texts, also in other languages. */
export const Fault = z.strictObject({
  code: z.enum(faultCodes),
  message: z.string(),
  hint: z.string(),
  params: z.record(z.string(), z.union([z.string(), z.number()])),
});
export type Fault = z.infer<typeof Fault>;
export type FaultParams = Readonly<Record<string, string | number>>;

/** The fault of this code, with its texts filled in. */
export function fault(code: FaultCode, params: FaultParams = {}): Fault {
  const { message, hint } = faultTable[code];
  return { code, message: fill(message, params), hint: fill(hint, params), params: { ...params } };
}

/** What an operation that is expected to fail now and then gives back. */
export type Outcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly fault: Fault };
export const ok = <T>(value: T): Outcome<T> => ({ ok: true, value });
export const failed = (code: FaultCode, params: FaultParams = {}): Outcome<never> => ({
  ok: false,
  fault: fault(code, params),
});

function fill(text: string, params: FaultParams): string {
  return text.replace(/\{(\w+)\}/gu, (whole, name: string) => String(params[name] ?? whole));
}
