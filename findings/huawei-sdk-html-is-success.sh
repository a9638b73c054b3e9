#!/usr/bin/env bash
# The official Huawei Cloud SDK for Node.js returns an empty success for any answer of status 200 that is not JSON.
#
# Versions: @huaweicloud/huaweicloud-sdk-core 3.1.211, @huaweicloud/huaweicloud-sdk-cce 3.0.57.
# Guess:    an HTML page or JSON cut off in the middle raises an error, since a list of clusters was asked for.
# Seen:     a log-in page, an empty body and half a JSON document all give {"httpStatusCode":200}; "items" is absent, not an error.
# Matters:  behind a proxy that answers for CCE, a watcher built on the SDK sees "no clusters" instead of a failed read.
# Note:     the core package needs uuid but does not declare it, so a plain install cannot be loaded; the script installs uuid beside it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @huaweicloud/huaweicloud-sdk-core@3.1.211 @huaweicloud/huaweicloud-sdk-cce@3.0.57 uuid@8.3.2 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core');
const { CceClient, ListClustersRequest } = require('@huaweicloud/huaweicloud-sdk-cce/v3/public-api');

let answer;
const server = createServer((request, response) => {
  response.writeHead(200, { 'content-type': answer[1] });
  response.end(answer[2]);
}).listen(0, '127.0.0.1', async () => {
  const client = CceClient.newBuilder()
    .withCredential(new BasicCredentials().withAk('ak').withSk('sk').withProjectId('p1'))
    .withEndpoint(`http://127.0.0.1:${server.address().port}`)
    .build();
  for (answer of [
    ['JSON list', 'application/json', '{"kind":"List","items":[{"kind":"Cluster"}]}'],
    ['log-in page', 'text/html', '<html><body>Please log in</body></html>'],
    ['empty body', 'application/json', ''],
    ['cut-off JSON', 'application/json', '{"kind":"List","items":[{"kind":"Cl'],
  ]) {
    console.log(`${answer[0].padEnd(13)} -> ${JSON.stringify(await client.listClusters(new ListClustersRequest()))}`);
  }
  server.close();
});
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
JSON list     -> {"kind":"List","items":[{"kind":"Cluster"}],"httpStatusCode":200}
log-in page   -> {"httpStatusCode":200}
empty body    -> {"httpStatusCode":200}
cut-off JSON  -> {"httpStatusCode":200}
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
