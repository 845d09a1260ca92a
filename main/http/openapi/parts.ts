/** A piece of an OpenAPI 3.1 document: plain data. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [name: string]: Json };
export type Operation = { readonly [name: string]: Json };
/** Path → method in lower case → operation. */
export type Paths = Readonly<Record<string, Readonly<Record<string, Operation>>>>;

export const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
export const json = (schema: Json): Json => ({ 'application/json': { schema } });
export const text: Json = { type: 'string' };

const refusals: Readonly<Record<string, string>> = {
  400: 'The request is not as it should be; the text names what.',
  401: 'No token, or one that is not known.',
  403: 'This token, host or origin may not.',
  404: 'There is no such model, version, label or route.',
  405: 'Another method is taken here; `Allow` names it.',
  408: 'The request did not arrive in time.',
  413: 'The body, or the picture in it, is too large.',
  415: 'The content type or encoding is not understood, or the body is no picture.',
  422: 'The file cannot be read.',
  429: 'Too many at once.',
  431: 'The header is too large.',
  500: 'A fault of the server or its worker.',
  503: 'Not now: overload, unloaded, loading or closing.',
  504: 'No answer within the time.',
};

/** The good answers with every refusal that any route may meet. */
export function responses(good: Readonly<Record<string, Json>>): Json {
  const bad = Object.entries(refusals).map(([status, description]): [string, Json] => [
    status,
    { description, headers: headersOf(status), content: json(ref('Error')) },
  ]);
  return { ...Object.fromEntries(bad), ...good };
}

export const answer = (description: string, content: Json): Json => ({ description, content });

function headersOf(status: string): Json {
  if (status === '401') return { 'WWW-Authenticate': { schema: text } };
  if (status === '405') return { Allow: { schema: text } };
  return status === '503' || status === '429'
    ? { 'Retry-After': { schema: { type: 'string', pattern: String.raw`^\d+$` } } }
    : {};
}

export function pathParameter(name: string, pattern: string, description: string): Record<string, Json> {
  return {
    name,
    in: 'path',
    required: true,
    description,
    schema: { type: 'string', pattern, minLength: 1, maxLength: 80 },
  };
}

/** Examples speak of the model of tensors that Outpost ships with. */
export const model: Json = {
  ...pathParameter('model', '^[a-z0-9]+(-[a-z0-9]+)*$', 'Id of a model, as in `efficientnet-lite0`.'),
  example: 'tensor-demo',
};

/** A body with an example that `tensor-demo` answers. */
export const jsonAs = (schema: Json, example: Json): Json => ({ 'application/json': { schema, example } });
