import { oipPaths } from './paths-oip.ts';
import { plainPaths } from './paths-plain.ts';
import { tfsPaths } from './paths-tfs.ts';
import type { Json, Paths } from './parts.ts';
import { schemas } from './schemas.ts';

export type DocumentParts = {
  readonly version: string;
  readonly needsToken: boolean;
  /** Whether a route answers to this path: nothing else stands in the document. */
  readonly isThere: (method: string, path: string) => boolean;
};

/** Every route of a server as OpenAPI 3.1. */
export function openApi({ version, needsToken, isThere }: DocumentParts): Json {
  const paths: Paths = { ...plainPaths, ...oipPaths, ...tfsPaths };
  const there = Object.entries(paths).filter(([path, operations]) => {
    const method = 'post' in operations ? 'POST' : 'GET';
    return isThere(method, path.replaceAll(/\{\w+\}/gu, 'x'));
  });
  return {
    openapi: '3.1.0',
    info: {
      title: 'Outpost',
      version,
      summary: 'Predictions on this computer',
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    // Relative to this document: a proxy may have put a path before it.
    servers: [{ url: './' }],
    security: needsToken ? [{ bearer: [] }, { header: [] }] : [],
    paths: Object.fromEntries(there),
    components: {
      schemas,
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        header: { type: 'apiKey', in: 'header', name: 'X-Outpost-Token' },
      },
    },
  };
}
