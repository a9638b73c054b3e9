using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging;

namespace Autopilot.Api.Mcp;

/// <summary>
/// The SDK's handler of the protocol, made by the first call. A process that no assistant asks neither loads the SDK nor makes the tools.
/// Their schemas would be a large part of what a start compiles. The SDK's services are in a container of their own; the tools take theirs
/// from the request. Safe for any number of requests at a time.
/// </summary>
internal sealed class McpTransport(IServiceProvider services) : IDisposable
{
    private readonly Lazy<McpHandler> _handler = new(() => new McpHandler(services));

    /// <summary>Answers a JSON-RPC message over streamable HTTP, without a session.</summary>
    public Task RespondAsync(HttpContext context) => _handler.Value.Answer(context);

    public void Dispose()
    {
        if (_handler.IsValueCreated)
        {
            _handler.Value.Dispose();
        }
    }

    private sealed class McpHandler : IEndpointRouteBuilder, IDisposable
    {
        private readonly ServiceProvider _own;

        public McpHandler(IServiceProvider services)
        {
            var own = new ServiceCollection();
            own.AddOptions();
            own.AddSingleton(services.GetRequiredService<ILoggerFactory>());
            own.AddSingleton(typeof(ILogger<>), typeof(Logger<>));
            // A host brings its own; a bare provider has none, and the SDK asks for it.
            own.AddSingleton(provider =>
                services.GetService<IHostApplicationLifetime>() ?? ActivatorUtilities.CreateInstance<ApplicationLifetime>(provider)
            );
            own.AddMcpServer(options =>
                {
                    options.ServerInfo = new()
                    {
                        Name = "autopilot",
                        Title = "Autopilot upgrades",
                        Version = ProductVersion.Number,
                    };
                    options.ServerInstructions = UpgradeTools.Instructions;
                    options.ToolCollection = [.. UpgradeTool.All];
                    options.Filters.Message.IncomingFilters.Add(new MessageFilter(services.GetRequiredService<ILoggerFactory>()).Wrap);
                })
                .WithHttpTransport(options => options.Stateless = true);
            _own = own.BuildServiceProvider();
            this.MapMcp();
            // Without sessions there is one route, POST.
            Answer = DataSources.SelectMany(source => source.Endpoints).Single().RequestDelegate!;
        }

        public RequestDelegate Answer { get; }

        public IServiceProvider ServiceProvider => _own;

        public ICollection<EndpointDataSource> DataSources { get; } = [];

        public IApplicationBuilder CreateApplicationBuilder() => new ApplicationBuilder(_own);

        public void Dispose() => _own.Dispose();
    }
}
