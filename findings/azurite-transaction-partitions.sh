#!/usr/bin/env bash
# Azurite commits a table transaction whose rows lie in two partitions, and one row of more than 252 properties.
#
# Versions: azurite 3.35.0; Azure.Data.Tables 12.13.0 as the client.
# Guess:    refused as by the service, whose documentation allows one partition in a transaction and 252 own properties in a row.
# Seen:     both rows of the transaction are stored, each in its own partition; a row of 300 properties is stored and read back.
# Matters:  code that spreads a transaction over partitions passes each test against the emulator and fails on the first write in Azure.
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

var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
table.Create();
var answer = table.SubmitTransaction(
[
    new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("c1", "w1")),
    new TableTransactionAction(TableTransactionActionType.Add, new TableEntity("c2", "w2")),
]);
Console.WriteLine($"transaction: {answer.Value.Count} responses");
foreach (var row in table.Query<TableEntity>())
{
    Console.WriteLine($"{row.PartitionKey}/{row.RowKey}");
}

var wide = new TableEntity("c3", "w3");
for (var i = 0; i < 300; i++)
{
    wide[$"P{i}"] = i;
}

table.AddEntity(wide);
TableEntity read = table.GetEntity<TableEntity>("c3", "w3");
Console.WriteLine($"properties stored: {read.Count(p => p.Value is int)}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

seen=$(dotnet out/find.dll)
expected=$(cat <<'TEXT'
transaction: 2 responses
c1/w1
c2/w2
properties stored: 300
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
