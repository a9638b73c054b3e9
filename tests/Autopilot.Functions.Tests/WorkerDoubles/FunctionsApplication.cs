using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.Metrics;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Microsoft.Azure.Functions.Worker.Builder;

public static class FunctionsApplication
{
    public static FunctionsApplicationBuilder CreateBuilder(string[] args) => new(args);
}

/// <summary>An ordinary host builder under the worker's name: what the head adds to it is real, what the worker would add is not there.</summary>
public sealed class FunctionsApplicationBuilder : IHostApplicationBuilder
{
    private readonly HostApplicationBuilder _builder;

    internal FunctionsApplicationBuilder(string[] args) => _builder = Host.CreateApplicationBuilder(args);

    public ConfigurationManager Configuration => _builder.Configuration;

    public IServiceCollection Services => _builder.Services;

    public IHost Build() => _builder.Build();

    public IDictionary<object, object> Properties => ((IHostApplicationBuilder)_builder).Properties;

    IConfigurationManager IHostApplicationBuilder.Configuration => _builder.Configuration;

    IHostEnvironment IHostApplicationBuilder.Environment => _builder.Environment;

    ILoggingBuilder IHostApplicationBuilder.Logging => _builder.Logging;

    IMetricsBuilder IHostApplicationBuilder.Metrics => _builder.Metrics;

    void IHostApplicationBuilder.ConfigureContainer<TContainerBuilder>(IServiceProviderFactory<TContainerBuilder> factory, Action<TContainerBuilder>? configure) =>
        _builder.ConfigureContainer(factory, configure);
}

public static class FunctionsApplicationBuilderAspNetCoreExtensions
{
    /// <summary>Only notes that it was called.</summary>
    public static FunctionsApplicationBuilder ConfigureFunctionsWebApplication(this FunctionsApplicationBuilder builder)
    {
        builder.Properties[nameof(ConfigureFunctionsWebApplication)] = true;
        return builder;
    }
}
