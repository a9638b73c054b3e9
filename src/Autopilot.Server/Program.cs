using Autopilot.Server;

using var app = ServerApp.Create(args);
await app.RunAsync();
