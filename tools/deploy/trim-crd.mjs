// `node tools/deploy/trim-crd.mjs CRD.yaml DOCUMENT.yaml… > schema.json`: the schema of a Kubernetes resource, cut down to
// what the documents touch. On the way to anything that a document names, every field stays, so that a misspelt one is
// still unknown; whole parts that no document enters become `{}`.
import { readFileSync } from 'node:fs';
import process from 'node:process';
import { parse } from 'yaml';

const [crdFile, ...documentFiles] = process.argv.slice(2);
const crd = parse(readFileSync(crdFile, 'utf8'));
const documents = documentFiles.map((file) => parse(readFileSync(file, 'utf8')));
const version = crd.spec.versions.find(({ name }) =>
  documents.every(({ apiVersion }) => apiVersion.endsWith(`/${name}`)),
);
if (!version) throw new Error(`${crdFile} has no version that all documents are of.`);

/** A schema without its prose, followed only as far as one of `values` goes. */
function trim(schema, values) {
  const { description: _prose, properties, items, additionalProperties, ...rest } = schema;
  const own = (name) => values.flatMap((value) => (Object.hasOwn(value ?? {}, name) ? [value[name]] : []));
  if (properties)
    rest.properties = Object.fromEntries(
      Object.entries(properties).map(([name, below]) => {
        const inside = own(name);
        return [name, inside.length > 0 ? trim(below, inside) : {}];
      }),
    );
  if (items)
    rest.items = trim(
      items,
      values.flatMap((value) => (Array.isArray(value) ? value : [])),
    );
  if (additionalProperties !== undefined)
    rest.additionalProperties =
      typeof additionalProperties === 'object'
        ? trim(
            additionalProperties,
            values.flatMap((value) => Object.values(value ?? {})),
          )
        : additionalProperties;
  return rest;
}

const schema = {
  $comment: `${crd.spec.names.kind} ${version.name}, cut from KServe's ${crd.metadata.name}; Copyright the KServe Authors, Apache-2.0. See SOURCES.md.`,
  ...trim(version.schema.openAPIV3Schema, documents),
};
process.stdout.write(`${JSON.stringify(schema, null, 1)}\n`);
