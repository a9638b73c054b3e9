#!/usr/bin/env bash
# The NuGet package StandardWebhooks accepts a message only if its first signature matches; the npm one takes a match of any.
#
# Versions: StandardWebhooks 1.1.2 (.NET), standardwebhooks 1.1.1 (npm).
# Guess:    one match among the signatures of the header is enough, as the specification says for the change of a secret.
# Seen:     signed with the new and the old secret, in this order, a receiver with the old one is refused in .NET; the other way round it
#           is accepted. JavaScript accepts both.
# Matters:  a sender that signs twice while secrets change loses the .NET receivers with one of the two; a test with one secret passes.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund standardwebhooks@1.1.1 >/dev/null || exit 2

cat > find.csproj <<'XML'
<Project Sdk="Microsoft.NET.Sdk">
  <PropertyGroup>
    <OutputType>Exe</OutputType>
    <TargetFramework>net10.0</TargetFramework>
    <ImplicitUsings>enable</ImplicitUsings>
  </PropertyGroup>
  <ItemGroup>
    <FrameworkReference Include="Microsoft.AspNetCore.App" />
    <PackageReference Include="StandardWebhooks" Version="1.1.2" />
  </ItemGroup>
</Project>
XML
cat > Program.cs <<'CS'
using Microsoft.AspNetCore.Http;
using StandardWebhooks;
using StandardWebhooks.Diagnostics;

while (Console.ReadLine() is { } line)
{
    var parts = line.Split('\t');
    var headers = new HeaderDictionary
    {
        ["webhook-id"] = parts[2],
        ["webhook-timestamp"] = parts[3],
        ["webhook-signature"] = parts[4],
    };
    string result;
    try
    {
        new StandardWebhook(parts[1]).Verify("{}", headers);
        result = "accepted";
    }
    catch (WebhookVerificationException)
    {
        result = "refused";
    }

    Console.WriteLine($"{parts[0]} .NET {result}");
}
CS
dotnet build --nologo -v q --disable-build-servers -o out >build.log 2>&1 || { cat build.log; exit 2; }

cat > find.mjs <<'JS'
import { writeFileSync } from 'node:fs';
import { Webhook } from 'standardwebhooks';

const secret = text => `whsec_${Buffer.from(text).toString('base64')}`;
const secrets = { old: secret('example-secret-one-24byte'), new: secret('example-secret-two-24byte') };
const now = new Date();
const time = String(Math.floor(now / 1000));
const sign = name => new Webhook(secrets[name]).sign('msg_1', now, '{}');
const lines = [];
for (const names of [['old'], ['old', 'new'], ['new', 'old']]) {
  const signatures = names.map(sign).join(' ');
  const label = `signed with ${names.join(' and ')}, receiver has old:`.padEnd(44);
  new Webhook(secrets.old).verify('{}', { 'webhook-id': 'msg_1', 'webhook-timestamp': time, 'webhook-signature': signatures });
  console.log(`${label} JavaScript accepted`);
  lines.push([label, secrets.old, 'msg_1', time, signatures].join('\t'));
}
writeFileSync('messages', `${lines.join('\n')}\n`);
JS

seen=$(node find.mjs && dotnet out/find.dll <messages)
expected=$(cat <<'TEXT'
signed with old, receiver has old:           JavaScript accepted
signed with old and new, receiver has old:   JavaScript accepted
signed with new and old, receiver has old:   JavaScript accepted
signed with old, receiver has old:           .NET accepted
signed with old and new, receiver has old:   .NET accepted
signed with new and old, receiver has old:   .NET refused
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
