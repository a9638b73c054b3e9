using Autopilot.Core.Rows;
using Microsoft.Extensions.DependencyInjection;

namespace Autopilot.Testing;

/// <summary>Registers stores of tests.</summary>
internal static class StoreRegistration
{
    /// <summary>Registers one store as each port of the domain that it implements.</summary>
    public static IServiceCollection AddStore(this IServiceCollection services, object store)
    {
        foreach (var port in store.GetType().GetInterfaces().Where(port => port.Assembly == typeof(Shard).Assembly))
        {
            services.AddSingleton(port, store);
        }

        return services;
    }
}
