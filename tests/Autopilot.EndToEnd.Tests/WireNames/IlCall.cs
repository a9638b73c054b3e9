using System.Reflection;

namespace Autopilot.EndToEnd.Tests.WireNames;

/// <summary>A call in compiled code.</summary>
/// <param name="Called">What is called; null for the literals behind a method's last call.</param>
/// <param name="Literals">The string literals that were loaded since the call before it.</param>
/// <param name="Constrained">The value type that the call is made on, where it is a virtual call on one.</param>
internal sealed record IlCall(MethodBase? Called, IReadOnlyList<string> Literals, Type? Constrained);
