#!/usr/bin/env bash
# cloudevents (npm) refuses a structured event whose charset is in capitals, and leaves JSON data of a "+json" type as text.
#
# Versions: cloudevents 10.0.0 (npm).
# Guess:    a charset ignores case, and a type that ends in +json is JSON, as RFC 6839 and the CloudEvents JSON format say.
# Seen:     "charset=utf-8" is read and "charset=UTF-8" is an invalid content type; the data of application/json is an object and that of
#           application/problem+json in binary mode is a string.
# Matters:  events of one sender are lost, and "data.title" of a problem is undefined, without an error.
set -euo pipefail
work=$(mktemp -d); trap 'rm -rf "$work"' EXIT; cd "$work"

npm init -y >/dev/null
npm install --silent --no-audit --no-fund cloudevents@10.0.0 >/dev/null || exit 2

cat > find.mjs <<'JS'
import { HTTP } from 'cloudevents';

const event = { specversion: '1.0', id: '1', source: '/x', type: 'com.example.x' };
for (const charset of ['utf-8', 'UTF-8']) {
  const type = `application/cloudevents+json; charset=${charset}`;
  let read;
  try {
    read = JSON.stringify(HTTP.toEvent({ headers: { 'content-type': type }, body: JSON.stringify({ ...event, data: { a: 1 } }) }).data);
  } catch (e) {
    read = e.message;
  }
  console.log(`${type}: ${read}`);
}
for (const type of ['application/json', 'application/problem+json']) {
  const headers = Object.fromEntries(Object.entries(event).map(([name, value]) => [`ce-${name}`, value]));
  const { data } = HTTP.toEvent({ headers: { ...headers, 'content-type': type }, body: '{"title":"t"}' });
  console.log(`${type}: ${typeof data}`);
}
JS

seen=$(node find.mjs)
expected=$(cat <<'TEXT'
application/cloudevents+json; charset=utf-8: {"a":1}
application/cloudevents+json; charset=UTF-8: invalid content type application/cloudevents+json; charset=UTF-8
application/json: object
application/problem+json: string
TEXT
)
echo "$seen"
[ "$seen" = "$expected" ] || { echo 'CHANGED:'; diff <(echo "$expected") <(echo "$seen"); exit 1; }
