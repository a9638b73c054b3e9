using Microsoft.AspNetCore.Http.Metadata;

namespace Autopilot.Api.Requests;

/// <summary>A service of the request. The attribute of MVC says the same, and loads MVC into every process that starts.</summary>
[AttributeUsage(AttributeTargets.Parameter | AttributeTargets.Property)]
internal sealed class FromServicesAttribute : Attribute, IFromServiceMetadata;
