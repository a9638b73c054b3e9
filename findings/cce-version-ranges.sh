#!/usr/bin/env bash
# The "-rN" of a CCE version is a pre-release to version libraries, and each of them draws the edge of a range elsewhere.
#
# Versions: NuGet.Versioning 8.0.0 (.NET); semver 7.8.6, compare-versions 6.1.1 (npm).
# Guess:    1.28.6-r0 is in 1.28.*, 1.30.1-r0 is not, and 1.29.0-r0 is not below 1.29.
# Seen:     NuGet finds 1.30.1-r0 in 1.28.* and 1.29.0-r0 below 1.29; semver finds no -rN version in any plain range,
#           and with pre-releases included 1.29.0-r0 is below 1.29.0 yet not below 1.29; compare-versions has it below 1.29.
# Matters:  "does this rule apply to the cluster" gets another answer from each library, on the first release of each minor version.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund semver@7.8.6 compare-versions@6.1.1 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="NuGet.Versioning" Version="8.0.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using NuGet.Versioning;

Console.WriteLine($"NuGet: 1.28.6-r0 in 1.28.* {In("1.28.6-r0", "1.28.*")}, 1.30.1-r0 in 1.28.* {In("1.30.1-r0", "1.28.*")}, "
    + $"1.29.0-r0 in [1.28,1.29) {In("1.29.0-r0", "[1.28,1.29)")}");

static bool In(string version, string range) => VersionRange.Parse(range).Satisfies(NuGetVersion.Parse(version));
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { satisfies } from 'compare-versions';
import semver from 'semver';

const all = { includePrerelease: true };
console.log(`semver: 1.28.6-r0 in 1.28.x ${semver.satisfies('1.28.6-r0', '1.28.x')}, `
  + `in >=1.27.0 ${semver.satisfies('1.28.6-r0', '>=1.27.0')}`);
console.log(`semver with pre-releases: 1.29.0-r0 in <1.29.0 ${semver.satisfies('1.29.0-r0', '<1.29.0', all)}, `
  + `in <1.29 ${semver.satisfies('1.29.0-r0', '<1.29', all)}`);
console.log(`compare-versions: 1.28.6-r0 in 1.28.x ${satisfies('1.28.6-r0', '1.28.x')}, `
  + `1.29.0-r0 in <1.29 ${satisfies('1.29.0-r0', '<1.29')}`);
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
NuGet: 1.28.6-r0 in 1.28.* True, 1.30.1-r0 in 1.28.* True, 1.29.0-r0 in [1.28,1.29) True
semver: 1.28.6-r0 in 1.28.x false, in >=1.27.0 false
semver with pre-releases: 1.29.0-r0 in <1.29.0 true, in <1.29 false
compare-versions: 1.28.6-r0 in 1.28.x false, 1.29.0-r0 in <1.29 true
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
