namespace Autopilot.Api.Tests.OpenApi;

/// <summary>Clients that generators of .NET make from the document compile, and call the app.</summary>
public sealed class DotnetClientTests(AzuriteFixture azurite)
{
    private static readonly string Document = Repository.PathOf("src", "Autopilot.Api", "OpenApi", "openapi.json");

    [Fact]
    public async Task A_client_of_Kiota_compiles_and_works() =>
        Assert.Matches(
            "^w1 Blocked goes on, 1 listed, 404 WorkflowNotFound: .*'unheard-of'",
            await UseAsync(
                "UseKiota",
                folder =>
                    [
                        "kiota",
                        "generate",
                        "-l",
                        "CSharp",
                        "-d",
                        Document,
                        "-c",
                        "AutopilotClient",
                        "-n",
                        "Autopilot.Client",
                        "-o",
                        folder,
                        "--exclude-backward-compatible",
                        "--log-level",
                        "Error",
                    ]
            )
        );

    [Fact]
    public async Task A_client_of_NSwag_compiles_and_works() =>
        Assert.Equal(
            "w1 Blocked goes on, open, 404 WorkflowNotFound",
            await UseAsync(
                "UseNSwag",
                folder =>
                    [
                        "nswag",
                        "openapi2csclient",
                        $"/input:{Document}",
                        $"/output:{Path.Combine(folder, "Client.cs")}",
                        "/namespace:Autopilot.Client",
                        "/className:AutopilotClient",
                        "/jsonLibrary:SystemTextJson",
                    ]
            )
        );

    private async Task<string> UseAsync(string use, Func<string, string[]> generator)
    {
        await using var app = await ApiApp.StartAsync(azurite);
        app.Upstream.Says(Upstream.Failed);
        await app.TrackAsync("w1");
        await app.PollAsync("w1");
        return await DotnetClients.UseAsync(use, generator, app.Client.BaseAddress!.ToString(), "unused", "w1");
    }
}
