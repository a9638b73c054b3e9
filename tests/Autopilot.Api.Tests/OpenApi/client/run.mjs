// Generates types from a document, compiles use.ts with them, and uses the server that they describe. Reads { document, calls: [ [ server, key, workflow, cluster ] ] }
// and writes what each call came to.
import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { json } from 'node:stream/consumers';
import openapiTS, { astToString } from 'openapi-typescript';

const { document, calls } = await json(process.stdin);
mkdirSync('obj', { recursive: true });
writeFileSync('obj/api.d.ts', astToString(await openapiTS(document, { silent: true })));
const compiled = spawnSync(process.execPath, ['node_modules/typescript/bin/tsc', '--project', '.'], { encoding: 'utf8' });
if (compiled.status !== 0) {
  process.stderr.write(`The client does not compile:\n${compiled.stdout}${compiled.stderr}`);
  process.exit(1);
}

const { use } = await import('./obj/use.js');
const answers = [];
for (const [server, key, workflow, cluster] of calls) answers.push(await use(server, key ?? undefined, workflow, cluster));
process.stdout.write(JSON.stringify(answers));
