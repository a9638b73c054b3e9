#!/usr/bin/env bash
# "Yearly on the 1st" is twelve days a year in two recurrence libraries and one day a year in two others.
#
# Versions: rrule 2.8.1, rrule-temporal 2.2.8, ical.js 2.2.1 (npm); Ical.Net 5.2.4 (.NET).
# Guess:    the table of RFC 5545 decides: BYMONTHDAY expands a yearly rule, so without BYMONTH each month has an occurrence.
# Seen:     from 1 December, YEARLY;BYMONTHDAY=1 goes on in January for rrule and rrule-temporal, and a year later for Ical.Net and ical.js.
# Matters:  a monthly window of one program is a yearly one for the next; the first occurrence agrees, so the difference shows late.
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
    "DTSTART:20261201T020000Z", "DURATION:PT1H", "RRULE:FREQ=YEARLY;BYMONTHDAY=1", "END:VEVENT", "END:VCALENDAR"))!.Events;
var starts = events[0].GetOccurrences(new CalDateTime(2026, 1, 1)).Take(3).Select(o => $"{o.Period.StartTime.AsUtc:yyyy-MM-dd}");
Console.WriteLine($"Ical.Net       {string.Join(" ", starts)}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import ICAL from 'ical.js';
import rrule from 'rrule';
import { RRuleTemporal } from 'rrule-temporal';

const text = 'DTSTART:20261201T020000Z\nRRULE:FREQ=YEARLY;BYMONTHDAY=1';
const iterator = ICAL.Recur.fromString('FREQ=YEARLY;BYMONTHDAY=1').iterator(ICAL.Time.fromString('2026-12-01T02:00:00Z'));
console.log(`ical.js        ${[1, 2, 3].map(() => iterator.next().toString().slice(0, 10)).join(' ')}`);
console.log(`rrule          ${rrule.rrulestr(text).all((_, i) => i < 3).map(d => d.toISOString().slice(0, 10)).join(' ')}`);
const temporal = new RRuleTemporal({ rruleString: text }).all((_, i) => i < 3);
console.log(`rrule-temporal ${temporal.map(d => d.toString().slice(0, 10)).join(' ')}`);
JS

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
Ical.Net       2026-12-01 2027-12-01 2028-12-01
ical.js        2026-12-01 2027-12-01 2028-12-01
rrule          2026-12-01 2027-01-01 2027-02-01
rrule-temporal 2026-12-01 2027-01-01 2027-02-01
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
