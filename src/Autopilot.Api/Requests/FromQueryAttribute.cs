using Microsoft.AspNetCore.Http.Metadata;

namespace Autopilot.Api.Requests;

/// <summary>A parameter of the query. The attribute of MVC says the same, and loads MVC into every process that starts.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class FromQueryAttribute : Attribute, IFromQueryMetadata
{
    /// <summary>Its name in the query; null for the parameter's own.</summary>
    public string? Name { get; set; }
}
