#!/usr/bin/env bash
# An event of one day is 25 hours long in Ical.Net and 24 in node-ical when the clocks go back that night.
#
# Versions: Ical.Net 5.2.4 (.NET); node-ical 0.26.1 (npm).
# Guess:    RFC 5545 separates P1D, a day by the calendar, from PT24H, so both libraries give 25 hours for the first.
# Seen:     from noon in New York on 2026-10-31, P1D ends at 17:00Z in Ical.Net and at 16:00Z, an hour early, in node-ical.
# Matters:  a change freeze or window of whole days ends an hour early, or late, on two days of the year.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund node-ical@0.26.1 >/dev/null || exit 2

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

var ends = Calendar.Load(File.ReadAllText("days.ics"))!.Events.Select(e =>
{
    var period = e.GetOccurrences(new CalDateTime(2026, 10, 1)).First().Period;
    return $"{e.Duration} ends {period.EffectiveEndTime!.AsUtc:yyyy-MM-ddTHH:mm:ssZ}";
});
Console.WriteLine($"Ical.Net:  {string.Join(", ", ends)}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import nodeIcal from 'node-ical';

const ends = Object.values(nodeIcal.sync.parseICS(readFileSync('days.ics', 'utf8'))).filter(v => v.type === 'VEVENT')
  .map(e => `${e.duration} ends ${e.end.toISOString().replace('.000', '')}`);
console.log(`node-ical: ${ends.join(', ')}`);
JS

{
  printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//EN
  for duration in P1D PT24H; do
    printf '%s\r\n' BEGIN:VEVENT "UID:$duration@example.com" DTSTAMP:20261001T000000Z \
      'DTSTART;TZID=America/New_York:20261031T120000' "DURATION:$duration" END:VEVENT
  done
  printf '%s\r\n' END:VCALENDAR
} >days.ics

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
Ical.Net:  P1D ends 2026-11-01T17:00:00Z, PT24H ends 2026-11-01T16:00:00Z
node-ical: P1D ends 2026-11-01T16:00:00Z, PT24H ends 2026-11-01T16:00:00Z
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
