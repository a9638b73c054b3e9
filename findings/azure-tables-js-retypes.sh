#!/usr/bin/env bash
# The JavaScript client of Azure Tables writes the values that it read as other column types: a double becomes an Int32 or a string.
#
# Versions: @azure/data-tables 13.3.2 (JavaScript), Azure.Data.Tables 12.13.0 (.NET); azurite 3.35.0 as the service.
# Guess:    only the sub-millisecond digits of times are lost.
# Seen:     the double 3.0 becomes an Int32, the double NaN becomes the string "NaN", a time loses its last four digits.
#           .NET then throws InvalidOperationException for GetDouble on both columns.
# Matters:  one script that touches a row by the other official client breaks the service that owns the row.
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
using System.Globalization;
using Azure.Data.Tables;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
var table = new TableClient(Environment.GetEnvironmentVariable("TABLES"), "upgrades");
if (args[0] == "before")
{
    table.Create();
    table.AddEntity(new TableEntity("c1", "w1")
    {
        ["Whole"] = 3.0,
        ["NotANumber"] = double.NaN,
        ["Since"] = DateTimeOffset.Parse("2023-11-25T06:32:34.9232481Z"),
    });
}

TableEntity row = table.GetEntity<TableEntity>("c1", "w1");
Console.WriteLine($"{args[0].TrimEnd(':')}:{(args[0] == "before" ? "" : " ")} Whole={Typed("Whole")}, NotANumber={Typed("NotANumber")}, "
    + $"Since={row.GetDateTimeOffset("Since"):HH:mm:ss.fffffff}");
Console.WriteLine($"GetDouble: Whole {AsDouble("Whole")}, NotANumber {AsDouble("NotANumber")}");

string Typed(string name) => $"{row[name].GetType().Name} {row[name]}";

string AsDouble(string name)
{
    try
    {
        return $"{row.GetDouble(name)}";
    }
    catch (InvalidOperationException e)
    {
        return e.GetType().Name;
    }
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { TableClient } from '@azure/data-tables';

const table = TableClient.fromConnectionString(process.env.TABLES, 'upgrades', { allowInsecureConnection: true });
const { 'odata.metadata': _, ...row } = await table.getEntity('c1', 'w1');
await table.updateEntity(row, 'Replace', { etag: row.etag });
JS

seen=$(dotnet out/find.dll before && node find.mjs && dotnet out/find.dll after:)
expected=$(cat <<'TEXT'
before: Whole=Double 3, NotANumber=Double NaN, Since=06:32:34.9232481
GetDouble: Whole 3, NotANumber NaN
after:  Whole=Int32 3, NotANumber=String NaN, Since=06:32:34.9230000
GetDouble: Whole InvalidOperationException, NotANumber InvalidOperationException
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
