#!/usr/bin/env bash
# Five statistics libraries give six values, from 90 to 545 seconds, for the 80th percentile of the same four run times.
#
# Versions: MathNet.Numerics 5.0.0 (.NET); simple-statistics 7.12.1, d3-array 3.2.5, jstat 1.9.6, prom-client 15.1.3 (npm).
# Guess:    two or three definitions, close to each other; and jstat's two functions agree.
# Seen:     for 61, 75, 90, 545: 90, 272, 408.5, 442.6, 454 and 545. jstat alone has two of them, and its quantiles() is NaN for one
#           sample. Median of 60 and 545: 302.5, or 60 with jstat.percentile.
# Matters:  few upgrades are on record at first; "done within X for 4 of 5" depends on the library more than on the data.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund simple-statistics@7.12.1 d3-array@3.2.5 jstat@1.9.6 prom-client@15.1.3 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="MathNet.Numerics" Version="5.0.0" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Globalization;
using MathNet.Numerics.Statistics;

CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;
double[] runs = [61, 75, 90, 545];
Console.WriteLine($"MathNet Quantile:              {runs.Quantile(0.8):0.#}");
Console.WriteLine($"MathNet EmpiricalInvCDF:       {runs.EmpiricalInvCDF(0.8):0.#}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { quantile as d3Quantile } from 'd3-array';
import jstat from 'jstat';
import prometheus from 'prom-client';
import { quantile } from 'simple-statistics';

const runs = [61, 75, 90, 545];
const summary = new prometheus.Summary({ name: 'run', help: 'run', percentiles: [0.8], registers: [] });
runs.forEach(run => summary.observe(run));
const shown = value => Math.round(value * 10) / 10;
for (const [name, value] of [
  ['simple-statistics quantile:', quantile(runs, 0.8)],
  ['d3-array quantile:', d3Quantile(runs, 0.8)],
  ['jstat percentile:', jstat.jStat.percentile(runs, 0.8)],
  ['jstat quantiles:', jstat.jStat.quantiles(runs, [0.8])[0]],
  ['prom-client summary:', (await summary.get()).values[0].value],
  ['jstat median of 60, 545:', jstat.jStat.percentile([60, 545], 0.5)],
  ['jstat quantiles of one sample:', jstat.jStat.quantiles([60], [0.5])[0]],
]) {
  console.log(`${name.padEnd(30)} ${shown(value)}`);
}
JS

seen=$(dotnet out/find.dll && node find.mjs)
expected=$(cat <<'TEXT'
MathNet Quantile:              454
MathNet EmpiricalInvCDF:       545
simple-statistics quantile:    272
d3-array quantile:             272
jstat percentile:              90
jstat quantiles:               442.6
prom-client summary:           408.5
jstat median of 60, 545:       60
jstat quantiles of one sample: NaN
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
