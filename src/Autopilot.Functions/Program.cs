using Autopilot.Functions;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.Hosting;

var app = FunctionsApplication.CreateBuilder(args).AddAutopilot().Build();
await app.RunAsync();
