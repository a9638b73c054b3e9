using System.Text.Json.Serialization;

namespace Autopilot.Cce.Tokens;

internal sealed record IamRequest(IamAuth Auth);

internal sealed record IamAuth(IamIdentity Identity, IamScope Scope);

internal sealed record IamIdentity(string[] Methods, IamPassword Password);

internal sealed record IamPassword(IamUser User);

internal sealed record IamUser(string Name, string Password, IamName Domain);

internal sealed record IamScope(IamName Project);

internal sealed record IamName(string? Name = null, string? Id = null);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IamRequest))]
internal sealed partial class IamJson : JsonSerializerContext;
