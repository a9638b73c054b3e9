// Generates two clients from a document, compiles them with what uses them and with the TypeScript of the cookbook, and uses the server that they describe.
// Reads { document, cookbook, calls: [ [ server, key, workflow, cluster ] ] } and writes what each call came to.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import { createClient } from '@hey-api/openapi-ts';
import openapiTS, { astToString } from 'openapi-typescript';

const { document, cookbook, calls } = await json(process.stdin);
mkdirSync('obj', { recursive: true });
writeFileSync('obj/api.d.ts', astToString(await openapiTS(document, { silent: true })));
writeFileSync('obj/autopilot.d.ts', "export * from './api.js';");
await createClient({ input: JSON.parse(document), output: { path: 'obj/hey-api', importFileExtension: '.js' }, logs: { level: 'silent', file: false } });
const snippets = [...cookbook.matchAll(/^```ts\n(.*?)^```$/gms)].map(match => match[1]);
if (snippets.length !== 1) throw new Error(`The cookbook has ${snippets.length} pieces of TypeScript.`);
writeFileSync('obj/cookbook.ts', `declare const baseUrl: string, key: string, workflowId: string;\n${snippets[0]}`);
const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--project', '.'], { encoding: 'utf8' });
if (compiled.status !== 0) {
  process.stderr.write(`The client does not compile:\n${compiled.stdout}${compiled.stderr}`);
  process.exit(1);
}

const { use } = await import('./obj/use.js');
const { useHeyApi } = await import('./obj/use-hey-api.js');
const answers = [];
for (const [server, key, workflow, cluster] of calls) {
  const answer = await use(server, key ?? undefined, workflow, cluster);
  answers.push(answer.one ? { ...answer, byHeyApi: await useHeyApi(server, key ?? undefined, workflow) } : answer);
}

process.stdout.write(JSON.stringify(answers));
