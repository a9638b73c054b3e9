// The yardstick of the server's start: as little as an ASP.NET Core app can be that keeps something in Table Storage.
using Azure.Data.Tables;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddSingleton(new TableServiceClient(builder.Configuration["AutopilotStorage"]));
var app = builder.Build();
var table = app.Services.GetRequiredService<TableServiceClient>().GetTableClient("Bare");
app.MapGet("/api/health/live", () => TypedResults.Text($"{{\"table\":\"{table.Name}\"}}", "application/json"));
app.Run();
