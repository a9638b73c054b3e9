using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Settings;

/// <summary>Registers options that are read from settings by a function of their own.</summary>
public static class SettingsServices
{
    /// <summary>Adds <typeparamref name="T"/>, filled by <paramref name="read"/> and validated when the host starts.</summary>
    public static OptionsBuilder<T> AddSettings<T>(
        this IServiceCollection services,
        IConfiguration configuration,
        Action<T, SettingsReader> read
    )
        where T : class
    {
        services.TryAddSingleton<SettingsRegistry>();
        return services
            .AddOptions<T>()
            .Configure<SettingsRegistry>(
                (options, registry) =>
                {
                    var reader = new SettingsReader(configuration, registry);
                    read(options, reader);
                    reader.ThrowIfInvalid(typeof(T));
                }
            )
            .ValidateOnStart();
    }
}
