// Writes docs/manifest.schema.json from the schema that the program itself parses manifests with. `--check` compares only.
import { join, resolve } from 'node:path';
import { runnerImport } from 'vite';
import { z } from 'zod';
import { json, settle } from './pack.mjs';

const root = resolve(import.meta.dirname, '../..');
// The runner reads TypeScript, which the oldest supported Node does not.
const { module: contract } = await runnerImport(join(root, 'contract/packs/manifest.ts'), {
  root,
  logLevel: 'error',
  configFile: false,
});
// The one schema of places in a pack, by a field that has it.
const packPath = contract.PackFile.shape.path;

const schema = z.toJSONSchema(contract.Manifest, {
  // What a person writes, so a field with a default may be left out.
  io: 'input',
  override({ zodSchema, jsonSchema }) {
    if (zodSchema !== packPath) return;
    jsonSchema.description =
      'A place inside the pack: relative, forward slashes, no step of one or two dots.';
    jsonSchema.pattern =
      '^(?![A-Za-z]:)(?!\\.{1,2}(?:/|$))[^/\\\\\\u0000-\\u001f]+(?:/(?!\\.{1,2}(?:/|$))[^/\\\\\\u0000-\\u001f]+)*$';
  },
});

settle([
  [
    join(root, 'docs/manifest.schema.json'),
    json({
      $schema: schema.$schema,
      title: 'manifest.json of an Outpost pack',
      description:
        'Outpost also checks that every named file is among files, that tensor names lead somewhere, and every size and SHA-256.',
      ...schema,
    }),
  ],
]);
