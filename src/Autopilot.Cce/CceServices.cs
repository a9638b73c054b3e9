using System.Net;
using Autopilot.Cce.Probing;
using Autopilot.Cce.Rejections;
using Autopilot.Cce.Responses;
using Autopilot.Cce.Settings;
using Autopilot.Cce.Signing;
using Autopilot.Cce.Telemetry;
using Autopilot.Cce.Throttling;
using Autopilot.Cce.Tokens;
using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Tracking.Discovery;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce;

/// <summary>The client of the CCE API.</summary>
public static class CceServices
{
    /// <summary>
    /// Adds <see cref="IUpgradeWorkflowSource"/> and <see cref="IClusterSource"/> over HTTP, and <see cref="CceProbe"/>, with the options
    /// of section <c>Cce</c>, which are validated at start.
    /// </summary>
    public static IServiceCollection AddAutopilotCce(this IServiceCollection services, IConfiguration configuration)
    {
        ArgumentNullException.ThrowIfNull(configuration);
        services.AddSettings<CceOptions>(configuration, CceSettings.Read);

        services.AddMetrics();
        services.TryAddSingleton(TimeProvider.System);
        services.TryAddSingleton(new WireClock(TimeProvider.System));
        services.TryAddSingleton<CceMetrics>();
        services.TryAddSingleton(p => CceConnection.From(p.GetRequiredService<IOptions<CceOptions>>().Value));
        services.TryAddSingleton(p => RedactorOf(p.GetRequiredService<IOptions<CceOptions>>().Value));
        services.TryAddSingleton<Failures>();
        services.TryAddSingleton(p => new CredentialCircuitBreaker(
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<ILogger<CredentialCircuitBreaker>>()
        ));
        services.TryAddSingleton<OperationCircuitBreakers>();
        services.TryAddSingleton<UpstreamRateLimiter>(p => new UpstreamRateLimiter(
            p.GetRequiredService<IOptions<CceOptions>>(),
            p.GetRequiredService<TimeProvider>(),
            p.GetRequiredService<CceMetrics>(),
            p.GetRequiredService<ILogger<UpstreamRateLimiter>>()
        ));
        services.TryAddSingleton(CreateTokens);
        services.TryAddSingleton<CceClient>();
        services.TryAddSingleton<IUpgradeWorkflowSource, CceWorkflowSource>();
        services.TryAddSingleton<IClusterSource, CceClusterSource>();
        services.TryAddSingleton(p => new CceProbe(
            p.GetRequiredService<CceClient>(),
            p.GetRequiredService<IOptions<CceOptions>>(),
            p.GetRequiredService<CceConnection>()
        ));

        // Outermost first. A renewed token begins a new round of attempts; each attempt waits for its permit, then has its time, signed as
        // it leaves.
        AddClient(
            services,
            CceClient.ClientName,
            (handlers, provider) =>
            {
                var credential = provider.GetRequiredService<CceConnection>().Credential;
                if (credential is HandTokenCredential hand)
                {
                    handlers.Add(new TokenHandler((_, _) => Task.FromResult(hand.Token), renewable: false));
                }

                if (credential is PasswordCredential)
                {
                    handlers.Add(new TokenHandler(provider.GetRequiredService<IamTokens>().GetAsync, renewable: true));
                }

                AddResilience(
                    handlers,
                    provider,
                    new ThrottleHandler(provider.GetRequiredService<UpstreamRateLimiter>(), provider.GetRequiredService<TimeProvider>())
                );
                if (credential is KeyCredential keys)
                {
                    handlers.Add(new SigningHandler(keys, provider.GetRequiredService<TimeProvider>()));
                }

                handlers.Add(new AttemptHandler(provider.GetRequiredService<CceMetrics>(), provider.GetRequiredService<WireClock>()));
            }
        );
        AddClient(
            services,
            IamTokens.ClientName,
            (handlers, provider) =>
            {
                AddResilience(handlers, provider, throttle: null);
                handlers.Add(new AttemptHandler(provider.GetRequiredService<CceMetrics>(), provider.GetRequiredService<WireClock>()));
            }
        );
        return services;
    }

    private static void AddClient(IServiceCollection services, string name, Action<IList<DelegatingHandler>, IServiceProvider> handlers) =>
        services
            .AddHttpClient(name)
            // The attempt timeout is the only one.
            .ConfigureHttpClient(client => client.Timeout = Timeout.InfiniteTimeSpan)
            .ConfigurePrimaryHttpMessageHandler(Primary)
            .ConfigureAdditionalHttpMessageHandlers(handlers)
            // Connections are renewed by their own lifetime, below.
            .SetHandlerLifetime(Timeout.InfiniteTimeSpan)
            // They would log four lines a request; what happens is in the metrics.
            .RemoveAllLoggers();

    private static void AddResilience(IList<DelegatingHandler> handlers, IServiceProvider provider, DelegatingHandler? throttle)
    {
        var options = provider.GetRequiredService<IOptions<CceOptions>>().Value;
        var wire = provider.GetRequiredService<WireClock>();
        handlers.Add(
            new ResilienceHandler(
                Resilience.Retry(options, wire, Random.Shared.NextDouble, provider.GetRequiredService<ILogger<CceClient>>())
            )
        );
        if (throttle is not null)
        {
            handlers.Add(throttle);
        }

        handlers.Add(new ResilienceHandler(Resilience.Timeout(options, wire)));
    }

    private static SocketsHttpHandler Primary(IServiceProvider provider)
    {
        var connection = provider.GetRequiredService<CceConnection>();
        return new SocketsHttpHandler
        {
            // As many as there are reads at once, and some for people; more would queue in here, where waiting counts as upstream's
            // slowness.
            MaxConnectionsPerServer = provider.GetRequiredService<IOptions<PollingOptions>>().Value.MaxConcurrency + 16,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5),
            PooledConnectionIdleTimeout = TimeSpan.FromMinutes(2),
            ConnectTimeout = provider.GetRequiredService<IOptions<CceOptions>>().Value.AttemptTimeout,
            AutomaticDecompression = DecompressionMethods.All,
            AllowAutoRedirect = false,
            UseCookies = false,
            // HTTPS_PROXY and similar variables are honoured, but never on the way to this machine.
            UseProxy = !connection.Endpoint.IsLoopback,
        };
    }

    private static IamTokens CreateTokens(IServiceProvider provider) =>
        new(
            (PasswordCredential)provider.GetRequiredService<CceConnection>().Credential,
            provider.GetRequiredService<IOptions<CceOptions>>().Value,
            provider.GetRequiredService<IHttpClientFactory>(),
            provider.GetRequiredService<Failures>(),
            provider.GetRequiredService<TimeProvider>(),
            provider.GetRequiredService<ILogger<IamTokens>>(),
            Random.Shared.NextDouble
        );

    private static Redactor RedactorOf(CceOptions o) => new([o.AccessKey, o.SecretKey, o.SecurityToken, o.Token, o.Iam.Password]);
}
