// Reads cards on standard input, a JSON array; answers for each what the official object model of version 1.5 finds wrong with it, and what it leaves of it.
import { createRequire } from "node:module";

// The bundle: the package's modules import each other without extensions, which Node.js does not take.
const { AdaptiveCard, SerializationContext, Versions } = createRequire(import.meta.url)("adaptivecards/dist/adaptivecards.js");

let input = "";
for await (const chunk of process.stdin) input += chunk;

const answers = JSON.parse(input).map(json => {
  const context = new SerializationContext(Versions.v1_5);
  const card = new AdaptiveCard();
  card.parse(json, context);
  const events = [];
  for (let i = 0; i < context.eventCount; i++) events.push(context.getEventAt(i).message);
  events.push(...card.validateProperties().validationEvents.map(event => event.message));
  return { events, actions: card.getActionCount(), card: card.toJSON() };
});
process.stdout.write(JSON.stringify(answers));
