#!/usr/bin/env bash
# A decimal property of a typed row is stored by the .NET client of Azure Tables, and read back as 0 by the same client.
#
# Versions: Azure.Data.Tables 12.13.0; azurite 3.35.0 as the service.
# Guess:    decimal is refused, as uint and DateOnly are, or comes back rounded to a double.
# Seen:     12.5m is stored as the number 12.5; the typed read gives 0, with no error, and a replace stores that 0.
# Matters:  a percentage or price in a row class looks saved, and is lost by the next read and replace.
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
using System.Globalization;
using Azure;
using Azure.Data.Tables;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
table.Create();
table.AddEntity(new Upgrade { PartitionKey = "c1", RowKey = "w1", Progress = 12.5m });

Console.WriteLine($"in the table: {Stored()}");
Upgrade read = table.GetEntity<Upgrade>("c1", "w1");
Console.WriteLine($"typed read: {read.Progress}");
table.UpdateEntity(read, read.ETag, TableUpdateMode.Replace);
Console.WriteLine($"after read and replace: {Stored()}");

object Stored() => table.GetEntity<TableEntity>("c1", "w1").Value["Progress"];

class Upgrade : ITableEntity
{
    public string PartitionKey { get; set; } = "";
    public string RowKey { get; set; } = "";
    public DateTimeOffset? Timestamp { get; set; }
    public ETag ETag { get; set; }
    public decimal Progress { get; set; }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
in the table: 12.5
typed read: 0
after read and replace: 0
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
