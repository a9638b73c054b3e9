#!/usr/bin/env bash
# Azurite compares times in a table filter by the millisecond, though it stores and returns all seven digits.
#
# Versions: azurite 3.35.0; Azure.Data.Tables 12.13.0 as the client.
# Guess:    a filter compares what is stored, 100-nanosecond ticks.
# Seen:     two rows 800 ns apart both match "eq" on the first, and neither matches a bound between them.
# Matters:  a "changed since" page that a test accepts with Azurite repeats or skips rows: .NET writes seven digits by default.
set -euo pipefail
work=$(mktemp -d); server=; trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund azurite@3.35.0 >/dev/null || exit 2
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

var first = new DateTimeOffset(2023, 11, 25, 6, 32, 34, TimeSpan.Zero).AddTicks(9232481);
var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
table.Create();
table.AddEntity(new TableEntity("c1", "w1") { ["Since"] = first });
table.AddEntity(new TableEntity("c1", "w2") { ["Since"] = first.AddTicks(8) });
foreach (var row in table.Query<TableEntity>())
{
    Console.WriteLine($"{row.RowKey} {row.GetDateTimeOffset("Since"):yyyy-MM-ddTHH:mm:ss.fffffffZ}");
}

var middle = first.AddTicks(4);
Console.WriteLine($"eq the first:       {Rows(TableClient.CreateQueryFilter($"Since eq {first}"))}");
Console.WriteLine($"lt the middle:      {Rows(TableClient.CreateQueryFilter($"Since lt {middle}"))}");
Console.WriteLine($"gt the middle:      {Rows(TableClient.CreateQueryFilter($"Since gt {middle}"))}");

string Rows(string filter) =>
    string.Join(' ', table.Query<TableEntity>(filter).Select(r => r.RowKey).DefaultIfEmpty("(none)"));
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
w1 2023-11-25T06:32:34.9232481Z
w2 2023-11-25T06:32:34.9232489Z
eq the first:       w1 w2
lt the middle:      (none)
gt the middle:      (none)
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
