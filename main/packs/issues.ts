import type { z } from 'zod';

const most = 50;

/** Every issue with its path, such as `files.2.sha256: Invalid string; title: Required`. */
export function describeIssues(error: z.ZodError): string {
  const lines = error.issues
    .slice(0, most)
    .map(({ path, message }) => (path.length > 0 ? `${path.join('.')}: ${message}` : message));
  const rest = error.issues.length - lines.length;
  return [...lines, ...(rest > 0 ? [`and ${rest} more`] : [])].join('; ');
}
