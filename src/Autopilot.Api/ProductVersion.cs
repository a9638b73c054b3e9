using System.Reflection;

namespace Autopilot.Api;

/// <summary>The version of the product, as <c>Directory.Build.props</c> sets it for every assembly.</summary>
public static class ProductVersion
{
    /// <summary>The header of every response that carries <see cref="Number"/>.</summary>
    public const string Header = "Autopilot-Version";

    /// <summary>The version with the commit it was built from, where that is known: <c>1.0.0+3cf813d…</c>.</summary>
    public static string Full { get; } =
        typeof(ProductVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";

    /// <summary>The version alone, such as <c>1.0.0</c> or <c>1.1.0-rc.1</c>.</summary>
    public static string Number { get; } = Full.Split('+')[0];
}
