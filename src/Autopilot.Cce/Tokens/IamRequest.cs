using System.Text.Json.Serialization;

namespace Autopilot.Cce.Tokens;

internal sealed record IamRequest(IamAuth Auth);
