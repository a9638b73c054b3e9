#!/usr/bin/env bash
# The official Huawei Cloud SDK for Node.js drops the error code and text of CCE itself, and keeps those of the API gateway before it.
#
# Versions: @huaweicloud/huaweicloud-sdk-core 3.1.211, @huaweicloud/huaweicloud-sdk-cce 3.0.57.
# Guess:    both spellings are read: CCE documents errorCode/errorMessage, the gateway sends error_code/error_msg.
# Seen:     the gateway's 404 keeps APIGW.0101 and its text; the documented CCE error keeps only the status, with no code at all.
# Matters:  "cluster is gone" (CCE.01404001) and "wrong region" (APIGW.0101) are both 404: only the code separates them.
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

let body;
const server = createServer((request, response) => {
  response.writeHead(404, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}).listen(0, '127.0.0.1', async () => {
  const client = CceClient.newBuilder()
    .withCredential(new BasicCredentials().withAk('ak').withSk('sk').withProjectId('p1'))
    .withEndpoint(`http://127.0.0.1:${server.address().port}`)
    .build();
  for (const [name, error] of [
    ['gateway:', { error_msg: 'The API does not exist', error_code: 'APIGW.0101', request_id: 'r1' }],
    ['CCE:', { errorCode: 'CCE.01404001', errorMessage: 'Resource not found.' }],
  ]) {
    body = error;
    await client.listClusters(new ListClustersRequest()).catch(e => console.log(
      `${name.padEnd(8)} status ${e.httpStatusCode}, code ${e.errorCode}, text "${e.errorMsg}"`));
  }
  server.close();
});
JS

seen=$(node find.mjs | grep -E '^(gateway|CCE):')
expected=$(cat <<'TEXT'
gateway: status 404, code APIGW.0101, text "The API does not exist"
CCE:     status 404, code undefined, text "Request failed with status code 404"
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
