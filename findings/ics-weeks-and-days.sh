#!/usr/bin/env bash
# ics writes weeks and days into one duration; Ical.Net reads that as an event of no length, and ical.js as eight days.
#
# Versions: ics 3.12.0, ical.js 2.2.1 (npm), Ical.Net 5.2.4 (.NET).
# Guess:    {weeks: 1, days: 1} is written as P8D, since RFC 5545 has weeks alone, and a reader refuses what it cannot read.
# Seen:     ics writes P1W1DT, with a T that nothing follows. Ical.Net gives an end equal to the start, without an error.
# Matters:  a freeze of eight days is over when it starts.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ics@3.12.0 ical.js@2.2.1 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <PackageReference Include="Ical.Net" Version="5.2.4" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Ical.Net;
using Ical.Net.DataTypes;

foreach (var name in args)
{
    var period = Calendar.Load(File.ReadAllText(name))!.Events[0].GetOccurrences(new CalDateTime(2026, 1, 1)).First().Period;
    Console.WriteLine($"Ical.Net {name}: {period.EffectiveEndTime!.AsUtc - period.StartTime.AsUtc}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import ICAL from 'ical.js';
import { createEvent } from 'ics';

for (const duration of [{ days: 8 }, { weeks: 1, days: 1 }]) {
  const { value } = createEvent({ start: [2026, 12, 5, 2, 0], startInputType: 'utc', duration });
  const written = value.match(/DURATION:(\S+)/)[1];
  writeFileSync(written, value);
  const event = new ICAL.Event(new ICAL.Component(ICAL.parse(value)).getFirstSubcomponent('vevent'));
  console.log(`ical.js ${JSON.stringify(duration)}, written as ${written}: ${event.duration.toSeconds() / 86400} days`);
}
JS

seen=$(TZ=UTC node find.mjs && dotnet out/find.dll P8DT P1W1DT)
expected=$(cat <<'TEXT'
ical.js {"days":8}, written as P8DT: 8 days
ical.js {"weeks":1,"days":1}, written as P1W1DT: 8 days
Ical.Net P8DT: 8.00:00:00
Ical.Net P1W1DT: 00:00:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
