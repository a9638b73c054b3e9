// Runs one of Azurite's own entry points and ends when standard input does: that is how a stop is asked for on every platform,
// and how this process learns that its parent died, however suddenly.
// Usage: node run.cjs <table|all> <Azurite's options>
"use strict";

const [kind, ...options] = process.argv.splice(2);
process.argv.push(...options);

const end = () => {
  // Azurite closes its store on this message, which writes it to disk; it listens for it as a forked child would.
  process.emit("message", "shutdown");
  setTimeout(() => process.exit(0), options.includes("--inMemoryPersistence") ? 0 : 3000).unref();
};

process.stdin.on("end", end).on("error", end).resume();
require(kind === "all" ? "azurite/dist/src/azurite.js" : "azurite/dist/src/table/main.js");
