#!/usr/bin/env bash
# The JavaScript client of Azure Tables drops a number that is NaN or infinite, so a merge reports success and keeps the old value.
#
# Versions: @azure/data-tables 13.3.2; azurite 3.35.0 as the service.
# Guess:    NaN and Infinity are stored, as the table type Edm.Double has them, or the call throws.
# Seen:     a merge of Rate NaN over Rate 0.5 succeeds and 0.5 stays; a created row has no column Rate at all.
# Matters:  a rate of 0 runs out of 0 is NaN: the row goes on showing the rate of the last period as if it were new.
set -euo pipefail
work=$(mktemp -d); server=; trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund azurite@3.35.0 @azure/data-tables@13.3.2 >/dev/null || exit 2
key=$(head -c 32 /dev/zero | base64)
port=$(node -e "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(s.address().port); s.close(); })")
AZURITE_ACCOUNTS="find:$key" node node_modules/azurite/dist/src/table/main.js --location data --tableHost 127.0.0.1 --tablePort "$port" \
  --skipApiVersionCheck --disableTelemetry >azurite.log 2>&1 & server=$!
for _ in $(seq 150); do
  grep -q 'successfully started' azurite.log 2>/dev/null && break
  kill -0 "$server" || exit 2
  sleep 0.2
done
export TABLES="DefaultEndpointsProtocol=http;AccountName=find;AccountKey=$key;TableEndpoint=http://127.0.0.1:$port/find;"

cat > find.mjs <<'JS'
import { TableClient } from '@azure/data-tables';

const table = TableClient.fromConnectionString(process.env.TABLES, 'upgrades', { allowInsecureConnection: true });
await table.createTable();
await table.createEntity({ partitionKey: 'c1', rowKey: 'w1', Rate: 0.5 });
for (const Rate of [NaN, Infinity]) {
  await table.updateEntity({ partitionKey: 'c1', rowKey: 'w1', Rate }, 'Merge');
  console.log(`after merging ${Rate}: ${(await table.getEntity('c1', 'w1')).Rate}`);
}
await table.createEntity({ partitionKey: 'c1', rowKey: 'w2', Rate: NaN });
console.log(`created with NaN: ${(await table.getEntity('c1', 'w2')).Rate}`);
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
after merging NaN: 0.5
after merging Infinity: 0.5
created with NaN: undefined
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
