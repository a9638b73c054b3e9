using System.Security.Cryptography;
using System.Text;
using Autopilot.Api.Representations;
using Microsoft.AspNetCore.Http;

namespace Autopilot.Pages.Responses;

/// <summary>A file that pages use: the same for everybody, without data, and kept by browsers until it changes.</summary>
internal sealed class PageAsset
{
    private readonly string _contentType;
    private readonly ReadOnlyMemory<byte> _bytes;
    private readonly string _version;

    private PageAsset(string path, string name, string contentType)
    {
        (Path, _contentType) = (path, contentType);
        using var stream =
            typeof(PageAsset).Assembly.GetManifestResourceStream(name) ?? throw new InvalidOperationException($"{name} is not embedded.");
        var bytes = new byte[stream.Length];
        stream.ReadExactly(bytes);
        _bytes = bytes;
        _version = Convert.ToHexStringLower(SHA256.HashData(bytes)[..6]);
        Address = $"{path}?v={_version}";
    }

    public static PageAsset Style { get; } = new(PagePaths.Style, "style.css", "text/css; charset=utf-8");
    public static PageAsset Script { get; } = new(PagePaths.Script, "script.js", "text/javascript; charset=utf-8");
    public static PageAsset Icon { get; } = new(PagePaths.Icon, "icon.svg", "image/svg+xml; charset=utf-8");
    public static IReadOnlyList<PageAsset> All { get; } = [Style, Script, Icon];

    /// <summary>Where it is served.</summary>
    public string Path { get; }

    /// <summary>The same with its version, under which a browser may keep it.</summary>
    public string Address { get; }

    public string Text => Encoding.UTF8.GetString(_bytes.Span);

    public Task RespondAsync(HttpContext context)
    {
        context.Response.Headers.CacheControl = context.Request.Query["v"] == _version ? "public, max-age=31536000, immutable" : "no-cache";
        context.Response.Headers.Vary = "Accept-Encoding";
        return JsonBody.WriteAsync(context, _contentType, _bytes);
    }
}
