#!/usr/bin/env bash
# ical.js writes the fraction of a run time into a DURATION, which iCalendar does not have, and Ical.Net then drops the whole duration.
#
# Versions: ical.js 2.2.1 (npm), Ical.Net 5.2.4 (.NET).
# Guess:    Duration.fromSeconds rounds to whole seconds, or its reader raises an error.
# Seen:     545.223784 s is written as PT9M5.223784000000023S, ical.js reads its own text as 545 s, and Ical.Net has no duration:
#           no error, the event is 0 seconds long, and the property is gone when the calendar is saved.
# Matters:  run times are differences of times with microseconds; an upgrade of nine minutes vanishes from the calendar view.
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
using Ical.Net.Serialization;

var calendar = Calendar.Load(File.ReadAllText("run.ics"))!;
Console.WriteLine($"Ical.Net reads: {calendar.Events[0].EffectiveDuration.ToTimeSpanUnspecified().TotalSeconds} s");
Console.WriteLine($"Ical.Net saves a DURATION: {new CalendarSerializer().SerializeToString(calendar)!.Contains("DURATION")}");
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import ICAL from 'ical.js';

const calendar = new ICAL.Component('vcalendar');
calendar.updatePropertyWithValue('version', '2.0');
calendar.updatePropertyWithValue('prodid', '-//example//EN');
const event = new ICAL.Component('vevent');
event.updatePropertyWithValue('uid', 'run@example.com');
for (const name of ['dtstamp', 'dtstart']) event.updatePropertyWithValue(name, ICAL.Time.fromString('2023-11-25T07:49:30Z'));
event.updatePropertyWithValue('duration', ICAL.Duration.fromSeconds(545.223784));
calendar.addSubcomponent(event);

const text = calendar.toString();
writeFileSync('run.ics', text);
console.log(`ical.js writes: ${text.split('\r\n').find(line => line.startsWith('DURATION'))}`);
const read = new ICAL.Component(ICAL.parse(text)).getFirstSubcomponent('vevent').getFirstPropertyValue('duration');
console.log(`ical.js reads:  ${read.toSeconds()} s`);
JS

seen=$(node find.mjs && dotnet out/find.dll)
expected=$(cat <<'TEXT'
ical.js writes: DURATION:PT9M5.223784000000023S
ical.js reads:  545 s
Ical.Net reads: 0 s
Ical.Net saves a DURATION: False
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
