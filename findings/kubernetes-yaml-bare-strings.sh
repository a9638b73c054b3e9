#!/usr/bin/env bash
# KubernetesClient writes the string 0x10 without quotes in YAML; the YAML reader of the JavaScript client takes it for the number 16.
#
# Versions: KubernetesClient 21.0.8 (.NET); js-yaml 5.5.0 (npm), the reader that @kubernetes/client-node 2.0.1 uses.
# Guess:    each string that looks like another YAML type is quoted, as "1.28", "1e3", "012" and "yes" are.
# Seen:     0x10 is written bare, and js-yaml reads the number 16, which is another text once it is a string again.
# Matters:  a ConfigMap holds strings only: a manifest that .NET exported is refused, or changed, when another tool applies it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund js-yaml@5.5.0 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="KubernetesClient" Version="21.0.8" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using k8s;
using k8s.Models;

var map = new V1ConfigMap
{
    Data = new Dictionary<string, string> { ["version"] = "1.28", ["octal"] = "012", ["answer"] = "yes", ["mask"] = "0x10" },
};
var yaml = KubernetesYaml.Serialize(map);
File.WriteAllText("map.yaml", yaml);
foreach (var line in yaml.Split('\n').Where(l => l.StartsWith("  ")))
{
    Console.WriteLine(line.Trim());
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import { load } from 'js-yaml';

for (const [name, value] of Object.entries(load(readFileSync('map.yaml', 'utf8')).data)) {
  console.log(`js-yaml ${name}: ${typeof value} ${value}`);
}
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
version: "1.28"
octal: "012"
answer: "yes"
mask: 0x10
js-yaml version: string 1.28
js-yaml octal: string 012
js-yaml answer: string yes
js-yaml mask: number 16
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
