import { z } from 'zod';
import { LabelScore } from '../../../contract/packs/labels.ts';
import { tasksWith } from '../../../contract/tasks/index.ts';
import type { AnyTask } from '../../../contract/tasks/index.ts';
import { ref } from './parts.ts';
import type { Json } from './parts.ts';

/** What a record's `result` is for this input: one schema for each task that takes it. */
export function resultSchema(input: AnyTask['input']): Json {
  const schemas = tasksWith(input).map(({ Printed }) => schemaOf(Printed));
  return schemas.length === 1 ? schemas[0]! : { oneOf: schemas };
}

function schemaOf(printed: z.ZodType): Json {
  const { $schema: _, ...schema } = z.toJSONSchema(printed, {
    // It has a name in this document.
    override: ({ zodSchema, jsonSchema }) => {
      if ((zodSchema as unknown) !== LabelScore) return;
      for (const key of Object.keys(jsonSchema)) delete jsonSchema[key];
      Object.assign(jsonSchema, ref('LabelScore'));
    },
  });
  return schema as Json;
}
