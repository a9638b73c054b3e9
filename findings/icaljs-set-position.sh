#!/usr/bin/env bash
# ical.js ignores BYSETPOS unless the rule is monthly by weekday: "the last of the 28th to the 31st" is all four days.
#
# Versions: ical.js 2.2.1 (npm), Ical.Net 5.2.4 (.NET).
# Guess:    BYSETPOS works for each frequency that RFC 5545 allows it for, or the rule is refused.
# Seen:     ical.js returns every member of the set for a daily and a weekly rule, and for a monthly one by day of month;
#           Ical.Net returns the one that BYSETPOS names. Both agree on the second Tuesday of a month.
# Matters:  a monthly window opens four days in a row on one of the two sides, and the side that shows it is not the side that obeys it.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund ical.js@2.2.1 >/dev/null || exit 2

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

foreach (var line in File.ReadLines("rules"))
{
    var parts = line.Split(' ');
    var calendar = Calendar.Load(string.Join("\r\n",
        "BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//example//EN", "BEGIN:VEVENT", "UID:1@example.com", "DTSTAMP:20261101T000000Z",
        $"DTSTART:{parts[0]}", "DURATION:PT1H", $"RRULE:{parts[1]}", "END:VEVENT", "END:VCALENDAR"))!;
    var starts = calendar.Events[0].GetOccurrences(new CalDateTime(2026, 1, 1)).Take(4)
        .Select(o => $"{o.Period.StartTime.AsUtc:MM-dd HH:mm}");
    Console.WriteLine($"Ical.Net {parts[1]}: {string.Join(", ", starts)}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > rules <<'TEXT'
20261208T020000Z FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2
20261231T020000Z FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1
20261203T020000Z FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=-1
20261201T220000Z FREQ=DAILY;BYHOUR=2,22;BYSETPOS=-1
TEXT
cat > find.mjs <<'JS'
import { readFileSync } from 'node:fs';
import ICAL from 'ical.js';

for (const line of readFileSync('rules', 'utf8').trim().split('\n')) {
  const [start, rule] = line.split(' ');
  const iterator = ICAL.Recur.fromString(rule).iterator(ICAL.Time.fromJSDate(
    new Date(start.replace(/(....)(..)(..)T(..)(..)(..)Z/, '$1-$2-$3T$4:$5:$6Z')), true));
  const starts = Array.from({ length: 4 }, () => iterator.next().toString().slice(5, 16).replace('T', ' '));
  console.log(`ical.js  ${rule}: ${starts.join(', ')}`);
}
JS

seen=$(dotnet out/find.dll && TZ=UTC node find.mjs)
expected=$(cat <<'TEXT'
Ical.Net FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2: 12-08 02:00, 01-12 02:00, 02-09 02:00, 03-09 02:00
Ical.Net FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1: 12-31 02:00, 01-31 02:00, 02-28 02:00, 03-31 02:00
Ical.Net FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=-1: 12-03 02:00, 12-10 02:00, 12-17 02:00, 12-24 02:00
Ical.Net FREQ=DAILY;BYHOUR=2,22;BYSETPOS=-1: 12-01 22:00, 12-02 22:00, 12-03 22:00, 12-04 22:00
ical.js  FREQ=MONTHLY;BYDAY=TU;BYSETPOS=2: 12-08 02:00, 01-12 02:00, 02-09 02:00, 03-09 02:00
ical.js  FREQ=MONTHLY;BYMONTHDAY=28,29,30,31;BYSETPOS=-1: 12-31 02:00, 01-28 02:00, 01-29 02:00, 01-30 02:00
ical.js  FREQ=WEEKLY;BYDAY=TU,TH;BYSETPOS=-1: 12-03 02:00, 12-08 02:00, 12-10 02:00, 12-15 02:00
ical.js  FREQ=DAILY;BYHOUR=2,22;BYSETPOS=-1: 12-01 22:00, 12-02 02:00, 12-02 22:00, 12-03 02:00
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
