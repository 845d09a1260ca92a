import type { ApiModel } from '../../../contract/serving/access.ts';
import { datatypeOf } from '../../../contract/tensors/datatypes.ts';
import type { ExampleTongue } from '../../state/access.ts';
import { elementCount } from '../../../contract/tensors/tensor-codec.ts';

type ExampleOf = {
  readonly address: string;
  readonly model: ApiModel;
  /** Path of the photo. */
  readonly photo: string;
  /** The model that answers photos when none is named. */
  readonly isFirst: boolean;
};

/** Elements up to which a tensor is written out; larger ones are made by the example. */
const written = 12;
const pictureTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  webp: 'image/webp',
  gif: 'image/gif',
  avif: 'image/avif',
  bmp: 'image/bmp',
  tif: 'image/tiff',
  tiff: 'image/tiff',
};
const typeOf = (name: string): string =>
  pictureTypes[name.slice(name.lastIndexOf('.') + 1).toLowerCase()] ?? 'image/jpeg';

/** Quotes a word for a POSIX shell, if it needs quoting. */
const shellText = (text: string): string =>
  /^[\w@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

/** One photo to `POST /predict`, as a whole program that runs. */
export function photoExample(tongue: ExampleTongue, { address, model, photo, isFirst }: ExampleOf): string {
  const url = `${address}/predict${isFirst ? '' : `?model=${model.id}`}`;
  const type = typeOf(photo);
  switch (tongue) {
    case 'curl':
      return lines(
        `curl "${url}" \\`,
        '  -H "Authorization: Bearer $OUTPOST_TOKEN" \\',
        `  -H "Content-Type: ${type}" \\`,
        `  --data-binary ${shellText(`@${photo}`)}`,
      );
    case 'python':
      return lines(
        'import json, os, urllib.request',
        '',
        'request = urllib.request.Request(',
        `    "${url}",`,
        `    data=open(${JSON.stringify(photo)}, "rb").read(),`,
        '    headers={',
        '        "Authorization": "Bearer " + os.environ["OUTPOST_TOKEN"],',
        `        "Content-Type": "${type}",`,
        '    },',
        ')',
        'print(json.load(urllib.request.urlopen(request)))',
      );
    case 'javascript':
      return lines(
        "import { readFile } from 'node:fs/promises';",
        '',
        'const answer = await fetch(',
        `  '${url}',`,
        '  {',
        "    method: 'POST',",
        '    headers: {',
        '      Authorization: `Bearer ${process.env.OUTPOST_TOKEN}`,',
        `      'Content-Type': '${type}',`,
        '    },',
        `    body: await readFile(${JSON.stringify(photo)}),`,
        '  },',
        ');',
        'console.dir(await answer.json(), { depth: null });',
      );
    case 'r':
      return lines(
        'library(httr2)',
        '',
        `request("${url}") |>`,
        '  req_auth_bearer_token(Sys.getenv("OUTPOST_TOKEN")) |>',
        `  req_body_file(${JSON.stringify(photo)}, type = "${type}") |>`,
        '  req_perform() |>',
        '  resp_body_json()',
      );
  }
}

/** All inputs of the model by the Open Inference Protocol, as a whole program that runs. */
export function tensorExample(tongue: ExampleTongue, { address, model }: ExampleOf): string {
  const url = `${address}/v2/models/${model.id}/infer`;
  const inputs = model.inputs.map(asInput);
  switch (tongue) {
    case 'curl':
      return curlTensor(url, inputs);
    case 'python':
      return lines(
        'import json, os, urllib.request',
        '',
        'inputs = [',
        ...inputs.map((one) => `    ${object(one, pythonData(one), '"')},`),
        ']',
        'request = urllib.request.Request(',
        `    "${url}",`,
        '    data=json.dumps({"inputs": inputs}).encode(),',
        '    headers={"Authorization": "Bearer " + os.environ["OUTPOST_TOKEN"]},',
        ')',
        'print(json.load(urllib.request.urlopen(request)))',
      );
    case 'javascript':
      return lines(
        'const inputs = [',
        ...inputs.map((one) => `  ${object(one, scriptData(one), '')},`),
        '];',
        'const answer = await fetch(',
        `  '${url}',`,
        '  {',
        "    method: 'POST',",
        '    headers: { Authorization: `Bearer ${process.env.OUTPOST_TOKEN}` },',
        '    body: JSON.stringify({ inputs }),',
        '  },',
        ');',
        'console.dir(await answer.json(), { depth: null });',
      );
    case 'r':
      return lines(
        'library(httr2)',
        '',
        'inputs <- list(',
        inputs.map((one) => `  ${rList(one)}`).join(',\n'),
        ')',
        `request("${url}") |>`,
        '  req_auth_bearer_token(Sys.getenv("OUTPOST_TOKEN")) |>',
        '  req_body_json(list(inputs = inputs)) |>',
        '  req_perform() |>',
        '  resp_body_json()',
      );
  }
}

type Input = {
  readonly name: string;
  readonly shape: readonly number[];
  readonly datatype: string;
  readonly count: number;
  /** One element, in JSON. */
  readonly element: string;
};

/** A free dimension is 1. */
function asInput({ name, type, shape }: ApiModel['inputs'][number]): Input {
  const sizes = shape.map((size) => (typeof size === 'number' && size > 0 ? size : 1));
  const count = elementCount(sizes);
  const element =
    type === 'string' ? '"a"' : type === 'bool' ? 'true' : type.startsWith('float') ? '0.5' : '1';
  return { name, shape: sizes, datatype: datatypeOf(type), count, element };
}

const writtenOut = ({ element, count }: Input): string => `[${Array(count).fill(element).join(', ')}]`;

function curlTensor(url: string, inputs: readonly Input[]): string {
  const large = inputs.findIndex(({ count }) => count > written);
  const json = inputs.map((one, at) => object(one, at === large ? '[&]' : writtenOut(one), '"')).join(', ');
  const body = `{"inputs": [${json}]}`;
  const token = '  -H "Authorization: Bearer $OUTPOST_TOKEN" \\';
  const one = inputs[large];
  if (!one) return lines(`curl "${url}" \\`, token, `  -d '${body}'`);
  return lines(
    `yes ${one.element.replaceAll('"', '\\"')} | head -n ${one.count} | paste -sd , - |`,
    `  sed 's|.*|${body}|' |`,
    `  curl "${url}" \\`,
    `  ${token}`,
    '    -d @-',
  );
}

function object({ name, shape, datatype }: Input, data: string, quote: '"' | ''): string {
  const key = (word: string): string => `${quote}${word}${quote}: `;
  return `{${key('name')}"${name}", ${key('shape')}[${shape.join(', ')}], ${key('datatype')}"${datatype}", ${key('data')}${data}}`;
}

const pythonData = (one: Input): string =>
  one.count > written
    ? `[${one.element === 'true' ? 'True' : one.element}] * ${one.count}`
    : writtenOut(one).replaceAll('true', 'True');

const scriptData = (one: Input): string =>
  one.count > written ? `Array(${one.count}).fill(${one.element})` : writtenOut(one);

/** `list` and `I` keep a vector of one element a list in JSON. */
function rList({ name, shape, datatype, count, element }: Input): string {
  const value = element === 'true' ? 'TRUE' : element;
  return `list(name = "${name}", shape = I(c(${shape.join(', ')})), datatype = "${datatype}", data = I(rep(${value}, ${count})))`;
}

const lines = (...all: readonly string[]): string => all.join('\n');
