using System.Diagnostics.CodeAnalysis;
using Autopilot.Core.Settings;
using Microsoft.Extensions.Options;

namespace Autopilot.Api.Representations;

/// <summary>
/// Makes links that can be followed from where they are read: a chat, a card, a terminal. JSON keeps path references, since a program knows
/// the address that it called.
/// </summary>
internal sealed class PublicAddress(IOptions<PublicOptions> options)
{
    private readonly string _base = options.Value.Base;

    /// <summary>
    /// The whole address of a path that begins with <c>/</c>, or the path alone where no public address is set; null for null.
    /// </summary>
    [return: NotNullIfNotNull(nameof(path))]
    public string? Absolute(string? path) => path is null ? null : _base + path;
}
