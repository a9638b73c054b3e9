namespace Autopilot.Api.Tests.Problems;

/// <summary>Queries that are longer than anything they could mean.</summary>
public sealed class QueryLimitTests
{
    [Theory]
    [InlineData("/api/workflows?phase=", 256)]
    [InlineData("/api/workflows?code=", 4000)]
    public async Task A_parameter_at_its_limit_is_taken(string path, int length)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());

        using var response = await app.GetAsync(path + new string('x', length));

        Assert.Equal(200, (int)response.StatusCode);
    }

    [Fact]
    public async Task A_token_at_its_limit_is_parsed()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());

        using var response = await app.GetAsync("/api/workflows?continuationToken=" + new string('x', 2048));

        Assert.Contains("nextLink", await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/workflows?phase=", 257, "'phase' must be at most 256 characters long.")]
    [InlineData("/api/workflows?continuationToken=", 2049, "'continuationToken' must be at most 2048 characters long.")]
    [InlineData("/api/health/live?whatever=", 257, "'whatever' must be at most 256 characters long.")]
    public async Task A_parameter_over_its_limit_is_refused_by_name(string path, int length, string detail)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());

        using var response = await app.GetAsync(path + new string('x', length));

        Assert.Equal(detail, await response.ProblemAsync(400, "InvalidParameter"));
    }

    [Fact]
    public async Task A_parameter_repeated_until_it_is_long_is_as_long()
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());

        using var response = await app.GetAsync("/api/workflows?" + string.Join('&', Enumerable.Repeat("phase=0123456789", 30)));

        Assert.Contains("'phase'", await response.ProblemAsync(400, "InvalidParameter"), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/workflows?code=", 4200)]
    [InlineData("/api/workflows?", 300)]
    public async Task A_query_over_its_limit_is_refused_whatever_is_in_it(string path, int length)
    {
        await using var app = await ApiApp.StartAsync(new StoreDouble());

        using var response = await app.GetAsync(path + new string('x', length));

        Assert.Contains("at most 4096 characters", await response.ProblemAsync(414, "QueryTooLong"), StringComparison.Ordinal);
    }
}
