#!/usr/bin/env bash
# Four calendar libraries disagree on a daily event at 02:30 on the day whose 02:30 does not exist; one of them follows the RFC.
#
# Versions: Ical.Net 5.2.4 (.NET); rrule 2.8.1, rrule-temporal 2.2.8, ical.js 2.2.1 (npm).
# Guess:    RFC 5545, 3.3.10: an occurrence at a local time that does not exist is ignored and not counted.
# Seen:     rrule-temporal leaves the day out; Ical.Net moves it to 03:30; rrule moves it to 01:30, an hour before the time that was
#           set; ical.js returns 02:30 itself, a time that no clock shows. With COUNT=3, Ical.Net ends a day earlier than rrule-temporal.
# Matters:  on this night the window is absent, late or early, by the library that reads the calendar.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund rrule@2.8.1 rrule-temporal@2.2.8 ical.js@2.2.1 >/dev/null || exit 2

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

var events = Calendar.Load(string.Join("\r\n",
    "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VEVENT", "UID:1@example.com", "DTSTAMP:20261101T000000Z",
    "DTSTART;TZID=Europe/Berlin:20270327T023000", "DURATION:PT1H", "RRULE:FREQ=DAILY;COUNT=3", "END:VEVENT", "END:VCALENDAR"))!.Events;
var starts = events[0].GetOccurrences(new CalDateTime(2027, 1, 1)).Select(o => $"{o.Period.StartTime.AsUtc:MM-dd HH:mm}Z");
Console.WriteLine($"Ical.Net       {string.Join(", ", starts)}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import ICAL from 'ical.js';
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';

const text = 'DTSTART;TZID=Europe/Berlin:20270327T023000\nRRULE:FREQ=DAILY;COUNT=3';
const utc = ms => `${new Date(ms).toISOString().slice(5, 16).replace('T', ' ')}Z`;
console.log(`rrule          ${rrule.rrulestr(text).all().map(d => utc(+d)).join(', ')}`);
console.log(`rrule-temporal ${new RRuleTemporal({ rruleString: text }).all().map(d => utc(d.epochMilliseconds)).join(', ')}`);
const iterator = ICAL.Recur.fromString('FREQ=DAILY;COUNT=3').iterator(ICAL.Time.fromString('2027-03-27T02:30:00'));
console.log(`ical.js        ${[1, 2, 3].map(() => `${iterator.next().toString().slice(5, 16).replace('T', ' ')} local`).join(', ')}`);
JS

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
Ical.Net       03-27 01:30Z, 03-28 01:30Z, 03-29 00:30Z
rrule          03-27 01:30Z, 03-28 00:30Z, 03-29 00:30Z
rrule-temporal 03-27 01:30Z, 03-29 00:30Z, 03-30 00:30Z
ical.js        03-27 02:30 local, 03-28 02:30 local, 03-29 02:30 local
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
