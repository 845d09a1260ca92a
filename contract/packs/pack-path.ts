import { z } from 'zod';

/** Path of a file inside a pack: relative, with forward slashes, without `.` or `..`, drive or control characters. */
export const PackPath = z
  .string()
  .min(1)
  .max(240)
  .refine(
    (path) =>
      !/^[/\\]|^[A-Za-z]:|[\\\u0000-\u001f]/u.test(path) &&
      !path.split('/').some((step) => step === '' || step === '.' || step === '..'),
    {
      message: 'lies outside the pack',
    },
  );
