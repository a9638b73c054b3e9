#!/usr/bin/env bash
# Queries in the form of RFC 9535 find nothing in jsonpath-plus, without an error, and raise one in Newtonsoft.Json.
#
# Versions: jsonpath-plus 11.3.0 (npm), Newtonsoft.Json 13.0.4 (.NET).
# Guess:    the standard's own forms, a filter without parentheses and an index from the end, work or are refused.
# Seen:     ?@.v == 1 and [-1] give an empty list in jsonpath-plus, as if the document had no match; Newtonsoft.Json refuses the first
#           and throws an ArgumentOutOfRangeException for the second. ?(@.v) is a test for presence in the RFC and in Newtonsoft.Json,
#           and a test for truth in jsonpath-plus: the 0 is not found. ?(@.n == null) finds a member that is absent there.
# Matters:  an alert on "any task that failed" stays silent, and a rule tested in one tool does not hold in the next.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund jsonpath-plus@11.3.0 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Newtonsoft.Json" Version="13.0.4" />
  </ItemGroup>
</Project>
XML
cat > document.json <<'JSON'
[{"name":"a","v":1,"n":null},{"name":"b","v":0}]
JSON
cat > queries <<'TEXT'
$[?(@.v == 1)].name
$[?@.v == 1].name
$[-1:].name
$[-1].name
$[?(@.v)].name
$[?(@.n == null)].name
TEXT
cat > Program.cs <<'CS'
using Newtonsoft.Json.Linq;

var document = JToken.Parse(File.ReadAllText("document.json"));
foreach (var query in File.ReadLines("queries"))
{
    string found;
    try
    {
        found = $"[{string.Join(",", document.SelectTokens(query).Select(t => $"\"{t}\""))}]";
    }
    catch (Exception e)
    {
        found = e.GetType().Name;
    }

    Console.WriteLine($"Newtonsoft.Json {query}: {found}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { JSONPath } from 'jsonpath-plus';

const json = JSON.parse(readFileSync('document.json', 'utf8'));
for (const path of readFileSync('queries', 'utf8').trim().split('\n')) {
  console.log(`jsonpath-plus   ${path}: ${JSON.stringify(JSONPath({ path, json }))}`);
}
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
Newtonsoft.Json $[?(@.v == 1)].name: ["a"]
Newtonsoft.Json $[?@.v == 1].name: JsonException
Newtonsoft.Json $[-1:].name: ["b"]
Newtonsoft.Json $[-1].name: ArgumentOutOfRangeException
Newtonsoft.Json $[?(@.v)].name: ["a","b"]
Newtonsoft.Json $[?(@.n == null)].name: ["a"]
jsonpath-plus   $[?(@.v == 1)].name: ["a"]
jsonpath-plus   $[?@.v == 1].name: []
jsonpath-plus   $[-1:].name: ["b"]
jsonpath-plus   $[-1].name: []
jsonpath-plus   $[?(@.v)].name: ["a"]
jsonpath-plus   $[?(@.n == null)].name: ["a","b"]
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
