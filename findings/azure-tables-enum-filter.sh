#!/usr/bin/env bash
# The .NET client of Azure Tables stores an enum by its name, but its own LINQ filter asks for the number: the filter matches no row.
#
# Versions: Azure.Data.Tables 12.13.0; azurite 3.35.0 as the service.
# Guess:    the filter names the member as the row does, or is refused.
# Seen:     the row holds the string "Running"; the filter is "Phase eq 1" and finds 0 rows; a filter on the name finds 1.
# Matters:  "all running upgrades" comes back empty, without an error, from code that compiles and reads well.
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
table.AddEntity(new Upgrade { PartitionKey = "c1", RowKey = "w1", Phase = Phase.Running });

Console.WriteLine($"stored: {table.GetEntity<TableEntity>("c1", "w1").Value["Phase"]}");
Console.WriteLine($"filter: {TableClient.CreateQueryFilter<Upgrade>(u => u.Phase == Phase.Running)}");
Console.WriteLine($"rows by LINQ: {table.Query<Upgrade>(u => u.Phase == Phase.Running).Count()}");
Console.WriteLine($"rows by name: {table.Query<Upgrade>("Phase eq 'Running'").Count()}");

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
stored: Running
filter: Phase eq 1
rows by LINQ: 0
rows by name: 1
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
