// The yardstick of the function app's start and memory: as little as an isolated worker can be that answers from Table Storage and has a
// timer.
using Azure.Data.Tables;
using Microsoft.Azure.Functions.Worker.Builder;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

var builder = FunctionsApplication.CreateBuilder(args);
builder.ConfigureFunctionsWebApplication();
builder.Services.AddSingleton(new TableServiceClient(builder.Configuration["AutopilotStorage"]));
await builder.Build().RunAsync();
