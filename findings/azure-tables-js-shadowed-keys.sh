#!/usr/bin/env bash
# A column named partitionKey, rowKey or etag hides the real key or ETag of its row in the JavaScript client of Azure Tables.
#
# Versions: @azure/data-tables 13.3.2 (JavaScript), Azure.Data.Tables 12.13.0 (.NET); azurite 3.35.0 as the service.
# Guess:    column names differ by case from PartitionKey and RowKey, so both are returned, as in .NET.
# Seen:     the row (c1, w1) is returned as partitionKey "other", rowKey "row", etag "mine": the true ones are gone.
#           Writing that object back changes the row (other, row) instead, and leaves (c1, w1) as it was.
# Matters:  camelCase columns are usual for rows mapped from JSON; a read-modify-write then lands in a foreign row.
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

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Azure.Data.Tables" Version="12.13.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Azure.Data.Tables;

var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
if (args[0] == "write")
{
    table.Create();
    table.AddEntity(new TableEntity("c1", "w1") { ["partitionKey"] = "other", ["rowKey"] = "row", ["etag"] = "mine", ["Note"] = "first" });
    table.AddEntity(new TableEntity("other", "row") { ["Note"] = "second" });
    TableEntity row = table.GetEntity<TableEntity>("c1", "w1");
    Console.WriteLine($".NET reads: PartitionKey={row.PartitionKey} RowKey={row.RowKey} "
        + $"partitionKey={row["partitionKey"]} rowKey={row["rowKey"]} etag={row["etag"]}");
    return;
}

foreach (var row in table.Query<TableEntity>())
{
    Console.WriteLine($"{row.PartitionKey}/{row.RowKey} Note={row["Note"]}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { TableClient } from '@azure/data-tables';

const table = TableClient.fromConnectionString(process.env.TABLES, 'upgrades', { allowInsecureConnection: true });
const row = await table.getEntity('c1', 'w1');
console.log(`JavaScript reads: partitionKey=${row.partitionKey} rowKey=${row.rowKey} etag=${row.etag}`);
await table.updateEntity({ partitionKey: row.partitionKey, rowKey: row.rowKey, Note: 'changed' }, 'Merge');
JS

seen=$(dotnet out/find.dll write && node find.mjs && dotnet out/find.dll list)
expected=$(cat <<'TEXT'
.NET reads: PartitionKey=c1 RowKey=w1 partitionKey=other rowKey=row etag=mine
JavaScript reads: partitionKey=other rowKey=row etag=mine
c1/w1 Note=first
other/row Note=changed
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
