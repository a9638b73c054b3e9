#!/usr/bin/env bash
# The "odata" template of the JavaScript client of Azure Tables writes values that the same client read in a form that finds nothing.
#
# Versions: @azure/data-tables 13.3.2 (JavaScript), Azure.Data.Tables 12.13.0 (.NET); azurite 3.35.0 as the service.
# Guess:    a value that the client returns can be put back into its own filter template, as in .NET.
# Seen:     an Int64 column read as 5n becomes "5" without the L suffix (0 rows; .NET writes "5L": 1 row);
#           a Guid column becomes "[object Object]" (.NET writes guid'…'); null becomes nothing at all, "eq" with no operand.
# Matters:  run times in seconds are Int64 columns, so a look-up by one comes back empty in one official client only.
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

var id = Guid.Parse("6f9619ff-8b86-4011-b42d-00c04fc964ff");
var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
if (args[0] == "write")
{
    table.Create();
    table.AddEntity(new TableEntity("c1", "w1") { ["Seconds"] = 5L, ["Id"] = id });
    return;
}

foreach (var filter in new[] { TableClient.CreateQueryFilter($"Seconds eq {5L}"), TableClient.CreateQueryFilter($"Id eq {id}") })
{
    Console.WriteLine($".NET: {filter} -> {table.Query<TableEntity>(filter).Count()} row(s)");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { TableClient, odata } from '@azure/data-tables';

const table = TableClient.fromConnectionString(process.env.TABLES, 'upgrades', { allowInsecureConnection: true });
const row = await table.getEntity('c1', 'w1');
for (const filter of [odata`Seconds eq ${row.Seconds}`, odata`Id eq ${row.Id}`]) {
  try {
    let rows = 0;
    for await (const _ of table.listEntities({ queryOptions: { filter } })) rows++;
    console.log(`JavaScript: ${filter} -> ${rows} row(s)`);
  } catch (e) {
    console.log(`JavaScript: ${filter} -> status ${e.statusCode}`);
  }
}
console.log(`JavaScript: null gives ${JSON.stringify(odata`Ended eq ${null}`)}`);
JS

seen=$(dotnet out/find.dll write && node find.mjs && dotnet out/find.dll query)
expected=$(cat <<'TEXT'
JavaScript: Seconds eq 5 -> 0 row(s)
JavaScript: Id eq [object Object] -> status 400
JavaScript: null gives "Ended eq "
.NET: Seconds eq 5L -> 1 row(s)
.NET: Id eq guid'6f9619ff-8b86-4011-b42d-00c04fc964ff' -> 1 row(s)
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
