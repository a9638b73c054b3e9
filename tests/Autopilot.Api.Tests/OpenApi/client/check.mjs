// Reads { document, exchanges } and writes { lint, mistakes }: what Redocly's recommended rules find in the document, and which real answers, and which questions that
// were answered well, are not as it says.
import { json } from 'node:stream/consumers';
import { createConfig, lintFromString } from '@redocly/openapi-core';
import { Ajv2020 } from 'ajv/dist/2020.js';
import addFormats from 'ajv-formats';

const { document: source, exchanges } = await json(process.stdin);

const config = await createConfig({ extends: ['recommended'] });
const lint = (await lintFromString({ source, absoluteRef: 'openapi.json', config }))
  .map(problem => `${problem.severity} ${problem.ruleId}: ${problem.message} (${problem.location[0]?.pointer})`);

const document = JSON.parse(source);
// A client must bear new members; here a member that the document does not know is a gap in the document.
for (const schema of Object.values(document.components.schemas))
  if (schema.properties && schema.additionalProperties === undefined) schema.additionalProperties = false;
const ajv = addFormats.default(new Ajv2020({ strict: false, allErrors: true }));
const mistakes = [];
for (const [name, schema] of Object.entries(document.components.schemas))
  if (!ajv.validateSchema(schema)) mistakes.push(`The schema ${name} is none: ${ajv.errorsText()}`);
ajv.addSchema(document, 'document', undefined, false);

const operations = new Map();
for (const [path, methods] of Object.entries(document.paths))
  for (const [method, operation] of Object.entries(methods)) operations.set(operation.operationId, { path, method, operation });

const validators = new Map();
function validate(pointer, value) {
  if (!validators.has(pointer)) validators.set(pointer, ajv.compile({ $ref: `document#${pointer}` }));
  const valid = validators.get(pointer);
  return valid(value) ? null : ajv.errorsText(valid.errors);
}

const step = text => `/${encodeURIComponent(text.replaceAll('~', '~0').replaceAll('/', '~1'))}`;
const read = (schema, text) => schema.type === 'integer' ? Number(text) : schema.type === 'boolean' ? JSON.parse(text) : schema.type === 'array' ? text.split(',') : text;

for (const exchange of exchanges) {
  const where = `${exchange.method} ${exchange.path.slice(0, 120)} → ${exchange.status}`;
  const { path, method, operation } = operations.get(exchange.operation);
  const at = `/paths${step(path)}/${method}`;
  let response = operation.responses[exchange.status];
  if (!response) { mistakes.push(`${where}: the status is not in the document.`); continue; }
  let pointer = `${at}/responses/${exchange.status}`;
  if (response.$ref) {
    pointer = response.$ref.slice(1);
    response = document.components.responses[response.$ref.split('/').at(-1)];
  }

  for (const [name, header] of Object.entries(response.headers ?? {}))
    if (header.required && !exchange.headers[name]) mistakes.push(`${where}: the header ${name} is missing.`);
  if (exchange.mediaType) {
    const content = response.content?.[exchange.mediaType];
    // Of forms besides JSON the document speaks in words.
    if (!content && operation.description?.includes(`\`${exchange.mediaType}\` (\``)) continue;
    if (!content) mistakes.push(`${where}: ${exchange.mediaType} is not in the document.`);
    else {
      const value = /[/+]json$/.test(exchange.mediaType) ? JSON.parse(exchange.body) : exchange.body;
      if (response['x-extensible-enum'] && !response['x-extensible-enum'].includes(value.code)) mistakes.push(`${where}: the code ${value.code} is not in the document.`);
      const errors = validate(`${pointer}/content${step(exchange.mediaType)}/schema`, value);
      if (errors) mistakes.push(`${where}: ${errors}`);
    }
  } else if (response.content && exchange.status !== 304) mistakes.push(`${where}: there is no body.`);

  if (exchange.status >= 400) continue;
  const url = new URL(exchange.path, 'http://localhost');
  const names = [...path.matchAll(/\{([^}]+)\}/g)].map(match => match[1]);
  const values = url.pathname.match(new RegExp(`^${path.replaceAll(/\{[^}]+\}/g, '([^/]+)')}$`)).slice(1);
  for (const [place, name, text] of [...names.map((name, i) => ['path', name, values[i]]), ...[...new Set(url.searchParams.keys())].filter(name => name !== 'format').map(name => ['query', name, url.searchParams.getAll(name).join(',')])]) {
    const index = (operation.parameters ?? []).findIndex(parameter => parameter.in === place && parameter.name === name);
    if (index < 0) { mistakes.push(`${where}: the parameter ${name} is not in the document.`); continue; }
    const errors = validate(`${at}/parameters/${index}/schema`, read(operation.parameters[index].schema, text));
    if (errors) mistakes.push(`${where}: ${name}: ${errors}`);
  }

  if (exchange.sent && operation.requestBody) {
    const errors = validate(`${at}/requestBody/content/application~1json/schema`, JSON.parse(exchange.sent));
    if (errors) mistakes.push(`${where}: the body: ${errors}`);
  }
}

process.stdout.write(JSON.stringify({ lint, mistakes }));
