// Reads requests on standard input, a JSON array of { secret, format, headers, body }; answers for each what the official verifier says: "ok", or its error.
import { Webhook } from "standardwebhooks";

let input = "";
for await (const chunk of process.stdin) input += chunk;

const answers = JSON.parse(input).map(({ secret, format, headers, body }) => {
  try {
    new Webhook(secret, format ? { format } : undefined).verify(body, headers);
    return "ok";
  } catch (error) {
    return error.message;
  }
});
process.stdout.write(JSON.stringify(answers));
