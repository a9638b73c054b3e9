#!/usr/bin/env bash
# Durations that four JavaScript libraries write in "ISO 8601" are refused by .NET, become months, or are zero.
#
# Versions: duration-fns 3.0.2, pomeranian-durations 1.11.4, dayjs 1.11.23, date-fns 4.4.0 (npm); XmlConvert of .NET 10.
# Guess:    seconds are written with a point, zero is PT0S or P0D, 45 days stay 45 days, and weeks are written.
# Seen:     duration-fns writes PT1,5S and pomeranian-durations P for zero, and XmlConvert throws on both; dayjs writes 45 days as
#           P1M14DT14H, which is 44 days 14 hours in .NET; date-fns writes two weeks as zero.
# Matters:  a retention or a waiting time set by a JavaScript client is refused, a day short, or none.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund duration-fns@3.0.2 pomeranian-durations@1.11.4 dayjs@1.11.23 date-fns@4.4.0 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
</Project>
XML
cat > Program.cs <<'CS'
using System.Xml;

while (Console.ReadLine() is { } line)
{
    string read;
    try
    {
        read = $"{XmlConvert.ToTimeSpan(line.Split(' ')[^1])}";
    }
    catch (FormatException e)
    {
        read = e.GetType().Name;
    }

    Console.WriteLine($"{line} -> {read}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { formatISODuration } from 'date-fns';
import dayjs from 'dayjs';
import durations from 'dayjs/plugin/duration.js';
import * as fns from 'duration-fns';
import * as pomeranian from 'pomeranian-durations';

dayjs.extend(durations);
console.log(`duration-fns, 1500 ms: ${fns.toString({ milliseconds: 1500 })}`);
console.log(`pomeranian-durations, 0 s: ${pomeranian.fromSeconds(0)}`);
console.log(`dayjs, 45 days: ${dayjs.duration(45, 'days').toISOString()}`);
console.log(`date-fns, 2 weeks: ${formatISODuration({ weeks: 2 })}`);
JS

seen=$(node find.mjs | dotnet out/find.dll)
expected=$(cat <<'TEXT'
duration-fns, 1500 ms: PT1,5S -> FormatException
pomeranian-durations, 0 s: P -> FormatException
dayjs, 45 days: P1M14DT14H -> 44.14:00:00
date-fns, 2 weeks: P0Y0M0DT0H0M0S -> 00:00:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
