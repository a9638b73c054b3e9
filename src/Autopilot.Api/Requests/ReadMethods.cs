using Microsoft.AspNetCore.Http;

namespace Autopilot.Api.Requests;

/// <summary>The methods of a route that reads: <c>HEAD</c> answers as <c>GET</c> does, without the body.</summary>
internal static class ReadMethods
{
    public static readonly string[] All = [HttpMethods.Get, HttpMethods.Head];
}
