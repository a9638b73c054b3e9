using Microsoft.AspNetCore.Http.Metadata;

namespace Autopilot.Api.Requests;

/// <summary>A parameter of the query. The attribute of MVC says the same, and loads MVC into every process that starts.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class FromQueryAttribute : Attribute, IFromQueryMetadata
{
    /// <summary>Its name in the query; null for the parameter's own.</summary>
    public string? Name { get; set; }

    /// <summary>Whether it takes several values, repeated or separated by commas; any other parameter is given once.</summary>
    public bool Several { get; set; }
}
