#!/usr/bin/env bash
# The .NET client of Azure Tables reads an enum member that it does not know as the first member, and the next replace stores that.
#
# Versions: Azure.Data.Tables 12.13.0; azurite 3.35.0 as the service.
# Guess:    reading "Pause" into an enum without that member throws, and "running" matches Running.
# Seen:     "Pause", "running" and the number 1 all read as Init without an error; read and replace turned "Pause" into "Init".
# Matters:  CCE adds states (its cancel page names a pause that its enum lacks): an older reader would rewrite history.
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
using Azure;
using Azure.Data.Tables;

var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
table.Create();
foreach (var (key, stored) in new (string, object)[] { ("w1", "Pause"), ("w2", "running"), ("w3", 1) })
{
    table.AddEntity(new TableEntity("c1", key) { ["Phase"] = stored });
    Console.WriteLine($"{stored} -> {table.GetEntity<Upgrade>("c1", key).Value.Phase}");
}

Upgrade read = table.GetEntity<Upgrade>("c1", "w1");
table.UpdateEntity(read, read.ETag, TableUpdateMode.Replace);
Console.WriteLine($"after read and replace: {table.GetEntity<TableEntity>("c1", "w1").Value["Phase"]}");

enum Phase { Init, Running }

class Upgrade : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }
    public Phase Phase { get; set; }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
Pause -> Init
running -> Init
1 -> Init
after read and replace: Init
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
