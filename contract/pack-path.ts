import { z } from 'zod';

/** A file's place inside a pack: forward slashes, relative, no `.` or `..` step, no drive, no control character. */
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
