using Autopilot.Api.Representations;
using Microsoft.Extensions.Primitives;

namespace Autopilot.Api.Tests.Representations;

public sealed class NegotiationTests
{
    [Theory]
    [InlineData(null, "json")]
    [InlineData("", "json")]
    [InlineData("*/*", "json")]
    [InlineData("application/*", "json")]
    [InlineData("Application/JSON; charset=utf-8", "json")]
    [InlineData("application/json;q=0.1", "json")]
    [InlineData("text/markdown", "markdown")]
    [InlineData("text/*", "markdown")]
    [InlineData("application/json;q=0.5, text/markdown", "markdown")]
    [InlineData("application/json;q=0, */*", "markdown")]
    [InlineData("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", "json")]
    [InlineData("this is no accept header", "json")]
    [InlineData("text/html", null)]
    [InlineData("application/xml", null)]
    [InlineData("*/*;q=0", null)]
    public void Accept_chooses_the_format_that_the_caller_likes_best(string? accept, string? chosen)
    {
        var problem = Negotiation.Choose(StringValues.Empty, accept, [Format.Json, Format.Markdown], out var format);
        Assert.Equal(chosen, format?.Name);
        Assert.Equal(chosen is null ? "NotAcceptable" : null, problem?.Code);
    }

    [Theory]
    [InlineData("json", "text/html", "json", null)]
    [InlineData("MARKDOWN", "application/json", "markdown", null)]
    [InlineData("svg", "application/json", null, "NotAcceptable")]
    [InlineData("xml", "application/json", null, "InvalidParameter")]
    [InlineData("", "application/json", null, "InvalidParameter")]
    public void The_format_parameter_wins_over_accept(string name, string accept, string? chosen, string? code)
    {
        var problem = Negotiation.Choose(name, accept, [Format.Json, Format.Markdown], out var format);
        Assert.Equal((chosen, code), (format?.Name, problem?.Code));
    }
}
