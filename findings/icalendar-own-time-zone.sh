#!/usr/bin/env bash
# A calendar that defines its time zone itself is read rightly by ical.js, eight hours off by node-ical, and not at all by Ical.Net.
#
# Versions: Ical.Net 5.2.4 (.NET); ical.js 2.2.1, node-ical 0.26.1 (npm).
# Guess:    all three use the VTIMEZONE of the file, which RFC 5545 requires for each TZID.
# Seen:     02:00 in a zone of +08:00 is 18:00Z in ical.js; node-ical takes it as UTC; Ical.Net parses the file without complaint
#           and throws ArgumentException as soon as the start is asked for in UTC. The name of the zone alone decides.
# Matters:  company calendars name zones freely; a maintenance window is then shown at the wrong hours or breaks the whole feed.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1 node-ical@0.26.1 >/dev/null || exit 2

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

var calendar = Calendar.Load(File.ReadAllText("window.ics"))!;
string start;
try
{
    start = $"{calendar.Events[0].DtStart!.AsUtc:u}";
}
catch (ArgumentException e)
{
    start = e.GetType().Name;
}

Console.WriteLine($"Ical.Net:  events {calendar.Events.Count}, start in UTC: {start}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';
import nodeIcal from 'node-ical';

const text = readFileSync('window.ics', 'utf8');
const event = new ICAL.Event(new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent'));
console.log(`ical.js:   ${event.startDate.toJSDate().toISOString()}`);
console.log(`node-ical: ${Object.values(nodeIcal.sync.parseICS(text)).find(v => v.type === 'VEVENT').start.toISOString()}`);
JS

printf '%s\r\n' BEGIN:VCALENDAR VERSION:2.0 PRODID:-//example//EN \
  BEGIN:VTIMEZONE 'TZID:Site Time' BEGIN:STANDARD DTSTART:19700101T000000 TZOFFSETFROM:+0800 TZOFFSETTO:+0800 END:STANDARD END:VTIMEZONE \
  BEGIN:VEVENT UID:window@example.com DTSTAMP:20261101T000000Z 'DTSTART;TZID=Site Time:20261125T020000' DURATION:PT4H \
  SUMMARY:Maintenance END:VEVENT END:VCALENDAR >window.ics

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs 2>/dev/null)
expected=$(cat <<'TEXT'
Ical.Net:  events 1, start in UTC: ArgumentException
ical.js:   2026-11-24T18:00:00.000Z
node-ical: 2026-11-25T02:00:00.000Z
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
