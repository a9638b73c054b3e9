using System.Diagnostics;
using System.Text;

namespace Autopilot.Api.Representations;

/// <summary>
/// The formats that a value is written in, each with its writer. What a route offers is taken from here, so that no format is offered that
/// nothing writes.
/// </summary>
/// <typeparam name="T">What is written.</typeparam>
internal sealed class FormatWriters<T>
    where T : class
{
    private readonly List<Format> _formats = [];
    private readonly List<Func<T, ReadOnlyMemory<byte>>> _writers = [];

    /// <summary>In the order in which they were added; the first one is a route's default.</summary>
    public IReadOnlyList<Format> Formats => _formats;

    /// <summary>Adds a format whose writer returns the body in UTF-8.</summary>
    public FormatWriters<T> Add(Format format, Func<T, ReadOnlyMemory<byte>> write)
    {
        _formats.Add(format);
        _writers.Add(write);
        return this;
    }

    /// <summary>Adds a format whose writer returns text.</summary>
    public FormatWriters<T> AddText(Format format, Func<T, string> write) => Add(format, value => Encoding.UTF8.GetBytes(write(value)));

    /// <summary>The body in one of <see cref="Formats"/>.</summary>
    /// <exception cref="UnreachableException">The format has no writer: a route offers more than is written here.</exception>
    public ReadOnlyMemory<byte> Write(T value, Format format) =>
        _formats.IndexOf(format) is >= 0 and var index
            ? _writers[index](value)
            : throw new UnreachableException($"The format {format} has no writer of {typeof(T).Name}.");
}
