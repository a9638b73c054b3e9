#!/usr/bin/env bash
# The official Huawei Cloud SDK for Node.js sends the body {} with each GET, and signs that body.
#
# Versions: @huaweicloud/huaweicloud-sdk-core 3.1.211, @huaweicloud/huaweicloud-sdk-cce 3.0.57.
# Guess:    a GET has no body, and its signature covers the hash of the empty text, as for any request without one.
# Seen:     GET …/clusters arrives with Content-Length 2 and {}; recomputed over {} the signature matches, over no body it does not.
# Matters:  a proxy that drops the body of a GET breaks the signature, and repeated signature failures lock the access key.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund \
  @huaweicloud/huaweicloud-sdk-core@3.1.211 @huaweicloud/huaweicloud-sdk-cce@3.0.57 uuid@8.3.2 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { createHash, createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { BasicCredentials } = require('@huaweicloud/huaweicloud-sdk-core');
const { CceClient, ListClustersRequest } = require('@huaweicloud/huaweicloud-sdk-cce/v3/public-api');
const sha256 = text => createHash('sha256').update(text).digest('hex');

function signatureOf(request, body) {
  const names = /SignedHeaders=([^,]+)/.exec(request.headers.authorization)[1];
  const headers = names.split(';').map(name => `${name}:${request.headers[name]}\n`).join('');
  const canonical = [request.method, `${request.url}/`, '', headers, names, sha256(body)].join('\n');
  const toSign = ['SDK-HMAC-SHA256', request.headers['x-sdk-date'], sha256(canonical)].join('\n');
  return createHmac('sha256', 'sk').update(toSign).digest('hex');
}

const server = createServer(async (request, response) => {
  let body = '';
  for await (const chunk of request) body += chunk;
  const sent = /Signature=(.+)/.exec(request.headers.authorization)[1];
  console.log(`${request.method} ${request.url}, content-length ${request.headers['content-length']}, body ${body}`);
  console.log(`signature covers the body {}: ${sent === signatureOf(request, '{}')}`);
  console.log(`signature covers no body: ${sent === signatureOf(request, '')}`);
  response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
}).listen(0, '127.0.0.1', async () => {
  const client = CceClient.newBuilder()
    .withCredential(new BasicCredentials().withAk('ak').withSk('sk').withProjectId('p1'))
    .withEndpoint(`http://127.0.0.1:${server.address().port}`)
    .build();
  await client.listClusters(new ListClustersRequest());
  server.close();
});
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
GET /api/v3/projects/p1/clusters, content-length 2, body {}
signature covers the body {}: true
signature covers no body: false
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
