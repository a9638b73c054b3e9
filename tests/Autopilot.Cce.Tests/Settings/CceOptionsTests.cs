using Autopilot.Cce.Settings;
using Autopilot.Core.Tracking;
using Autopilot.Core.Upstream;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Autopilot.Cce.Tests.Settings;

public sealed class CceOptionsTests
{
    private const string Keys = "Cce:AccessKey=AK;Cce:SecretKey=S3CRET";
    private const string Iam = "Cce:Iam:Username=u;Cce:Iam:Password=S3CRET;Cce:Iam:DomainName=d";
    private const string Place = "Cce:Region=ap-southeast-3";

    [Theory]
    [InlineData($"{Place};{Keys}", "https://cce.ap-southeast-3.myhuaweicloud.com/", "/autopilot/v3")]
    [InlineData($"Cce:Region=eu-west-101;{Keys}", "https://cce.eu-west-101.myhuaweicloud.eu/", "/autopilot/v3")]
    [InlineData($"{Place};Cce:Endpoint=http://127.0.0.1:8080;{Keys}", "http://127.0.0.1:8080/", "/autopilot/v3")]
    [InlineData($"Cce:Endpoint=https://cce.example.com:8443/;Cce:PathPrefix=/api/v3/;{Keys}", "https://cce.example.com:8443/", "/api/v3")]
    [InlineData($"Cce:Endpoint=http://[::1]:8080;{Keys}", "http://[::1]:8080/", "/autopilot/v3")]
    [InlineData($"Cce:Region= my-kualalumpur-1 ;{Keys};Cce:Token= ", "https://cce.my-kualalumpur-1.myhuaweicloud.com/", "/autopilot/v3")]
    public void The_endpoint_comes_from_the_region_or_is_given(string settings, string endpoint, string prefix)
    {
        var connection = CceConnection.From(Options(settings).Value);

        Assert.Equal((endpoint, prefix), (connection.Endpoint.ToString(), connection.PathPrefix));
    }

    [Theory]
    [InlineData($"{Place};{Iam}", "https://iam.ap-southeast-3.myhuaweicloud.com/", "ap-southeast-3")]
    [InlineData($"Cce:Region=eu-west-101;{Iam}", "https://iam.eu-west-101.myhuaweicloud.eu/", "eu-west-101")]
    [InlineData(
        $"{Place};{Iam};Cce:Iam:ProjectName=ap-southeast-3_team;Cce:Iam:Endpoint=https://iam.myhuaweicloud.com",
        "https://iam.myhuaweicloud.com/",
        "ap-southeast-3_team"
    )]
    public void Tokens_come_from_the_regions_IAM_for_the_regions_project_by_default(string settings, string endpoint, string project)
    {
        var credential = Assert.IsType<PasswordCredential>(CceConnection.From(Options(settings).Value).Credential);

        Assert.Equal((endpoint, project), (credential.Endpoint.ToString(), credential.ProjectName));
    }

    [Theory]
    [InlineData("Cce:SecretKey", "Cce:AccessKey=AK")]
    [InlineData("Cce:Token", "Cce:MaxAttempts=3")]
    [InlineData("Cce:SecurityToken", Keys)]
    [InlineData("Cce:Iam:Password", "Cce:Iam:Username=u;Cce:Iam:DomainName=d")]
    public void A_secret_with_a_line_break_is_refused_without_being_shown(string setting, string others)
    {
        var error = Assert.Throws<OptionsValidationException>(() =>
            Options($"{Place};{others};{setting}=first-S3CRET\nsecond-S3CRET").Value
        );

        Assert.Contains($"{setting} holds", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("S3CRET", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Cce:SecretKey", "Cce:AccessKey=AK")]
    [InlineData("Cce:Token", "Cce:MaxAttempts=3")]
    [InlineData("Cce:SecurityToken", Keys)]
    [InlineData("Cce:Iam:Password", "Cce:Iam:Username=u;Cce:Iam:DomainName=d")]
    public void A_secret_with_a_character_that_cannot_be_seen_is_refused(string setting, string others) =>
        Assert.All(
            (string[])["\u200BS3CRET", "S3CRET\uFEFF", "S3\u2028CRET", "S3\u00ADCRET", "S3\tCRET", "S3\u202ECRET"],
            secret =>
            {
                var error = Assert.Throws<OptionsValidationException>(() => Options($"{Place};{others};{setting}={secret}").Value);
                Assert.Contains($"{setting} holds", error.Message, StringComparison.Ordinal);
                Assert.DoesNotContain("CRET", error.Message, StringComparison.Ordinal);
            }
        );

    [Theory]
    [InlineData(Keys, "Cce:Region is missing")]
    [InlineData(Place, "No credentials are set: give exactly one of: Cce:AccessKey with Cce:SecretKey", "Cce:Iam:Username", "Cce:Token")]
    [InlineData(
        $"{Place};{Keys};{Iam}",
        "in more than one way, by Cce:AccessKey, Cce:SecretKey and by Cce:Iam:Username, Cce:Iam:Password, Cce:Iam:DomainName"
    )]
    [InlineData($"{Place};{Keys};Cce:Token=S3CRET", "in more than one way, by Cce:AccessKey, Cce:SecretKey and by Cce:Token")]
    [InlineData($"{Place};Cce:AccessKey=AK", "Cce:SecretKey is missing")]
    [InlineData($"{Place};Cce:SecretKey=S3CRET", "Cce:AccessKey is missing")]
    [InlineData($"{Place};Cce:SecurityToken=S3CRET", "Cce:AccessKey is missing", "Cce:SecretKey is missing")]
    [InlineData($"{Place};Cce:Iam:Username=u", "Cce:Iam:Password is missing", "Cce:Iam:DomainName is missing")]
    [InlineData($"Cce:Endpoint=https://cce.example.com;{Iam}", "Cce:Iam:Endpoint is missing", "Cce:Iam:ProjectName is missing")]
    [InlineData($"Cce:Region=AP-Southeast-3;{Keys}", "Cce:Region is 'AP-Southeast-3'")]
    [InlineData($"Cce:Region=ap-southeast-3.evil.example;{Keys}", "Cce:Region is 'ap-southeast-3.evil.example'")]
    [InlineData($"Cce:Region=https://cce.cn-north-4.myhuaweicloud.com;{Keys}", "an address belongs into Cce:Endpoint")]
    [InlineData(
        $"Cce:Endpoint=http://cce.example.com;{Keys}",
        "Cce:Endpoint is 'http://cce.example.com', which would send credentials in the clear"
    )]
    [InlineData($"Cce:Endpoint=https://user:S3CRET@cce.example.com;{Keys}", "Cce:Endpoint holds user info")]
    [InlineData($"Cce:Endpoint=user:S3CRET@cce.example.com;{Keys}", "Cce:Endpoint is no address")]
    [InlineData($"Cce:Endpoint=https://cce.example.com?k=S3CRET;{Keys}", "Cce:Endpoint for cce.example.com has a query")]
    [InlineData($"Cce:Endpoint=https://cce.example.com/api/v3;{Keys}", "a path belongs into Cce:PathPrefix")]
    [InlineData($"Cce:Endpoint=cce.example.com;{Keys}", "Cce:Endpoint is 'cce.example.com'")]
    [InlineData($"{Place};{Iam};Cce:Iam:Endpoint=ftp://iam.example.com", "Cce:Iam:Endpoint is 'ftp://iam.example.com'")]
    [InlineData($"{Place};{Keys};Cce:PathPrefix=api/v3", "Cce:PathPrefix is 'api/v3'")]
    [InlineData($"{Place};{Keys};Cce:PathPrefix=/api/../v3", "Cce:PathPrefix is '/api/../v3'")]
    [InlineData($"{Place};{Keys};Cce:ProjectId=a/b", "Cce:ProjectId is 'a/b': give 1 to 64 characters")]
    [InlineData($"{Place};{Keys};Cce:AttemptTimeout=10", "Cce:AttemptTimeout is '10': give a duration")]
    [InlineData(
        $"{Place};{Keys};Cce:AttemptTimeout=01:00:00",
        "Cce:AttemptTimeout is '01:00:00': give a duration from 00:00:00.1 to 00:05:00"
    )]
    [InlineData($"{Place};{Keys};Cce:MaxAttempts=0", "Cce:MaxAttempts is '0': give a whole number from 1 to 10")]
    [InlineData($"{Place};{Keys};Cce:MaxAttempts=many", "Cce:MaxAttempts is 'many': give a whole number")]
    [InlineData($"{Place};{Keys};Cce:RequestsPerMinute=0", "Cce:RequestsPerMinute is '0'")]
    [InlineData($"{Place};Cce:Token=two S3CRET words", "Cce:Token holds a blank")]
    [InlineData(
        $"{Place};Cce:AccessKey=AK;Cce:SecretKey=@Microsoft.KeyVault(SecretUri=https://v.vault.azure.net/secrets/S3CRET)",
        "Cce:SecretKey is a Key Vault reference that was not resolved"
    )]
    [InlineData($"Cce:Region=@Microsoft.KeyVault(VaultName=v);{Keys}", "Cce:Region is a Key Vault reference that was not resolved")]
    public void A_setting_that_is_wrong_is_named_with_what_is_allowed(string settings, params string[] reported)
    {
        var failure = Assert.Throws<OptionsValidationException>(() => Options(settings).Value);

        Assert.All(reported, text => Assert.Contains(text, failure.Message, StringComparison.Ordinal));
        Assert.All(failure.Failures, f => Assert.Contains(reported, text => f.Contains(text, StringComparison.Ordinal)));
        Assert.DoesNotContain("S3CRET", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Everything_wrong_is_reported_at_once()
    {
        var failure = Assert.Throws<OptionsValidationException>(() =>
            Options("Cce:Region=?;Cce:MaxAttempts=99;Cce:AttemptTimeout=soon;Cce:AccessKey=AK").Value
        );

        Assert.Equal(
            ["Cce:AttemptTimeout", "Cce:MaxAttempts", "Cce:Region", "Cce:SecretKey"],
            failure.Failures.Select(f => f.Split(' ')[0])
        );
    }

    [Fact]
    public async Task Settings_are_validated_at_start()
    {
        await using var services = Services("Cce:Region=?");

        Assert.Throws<OptionsValidationException>(() => services.GetRequiredService<IStartupValidator>().Validate());
    }

    [Fact]
    public async Task Good_settings_give_a_source()
    {
        await using var services = Services($"{Place};{Keys}");
        services.GetRequiredService<IStartupValidator>().Validate();

        Assert.Equal(new UpstreamStatus(null, null, null), services.GetRequiredService<IUpgradeWorkflowSource>().Status);
    }

    [Fact]
    public void Credentials_do_not_show_in_text()
    {
        var connection = CceConnection.From(Options($"{Place};{Keys}").Value);

        Assert.DoesNotContain("S3CRET", connection.ToString(), StringComparison.Ordinal);
    }

    private static IOptions<CceOptions> Options(string settings) => Services(settings).GetRequiredService<IOptions<CceOptions>>();

    private static ServiceProvider Services(string settings) =>
        new ServiceCollection()
            .AddLogging()
            .AddAutopilotCce(
                new ConfigurationBuilder()
                    .AddInMemoryCollection(
                        settings.Split(';').Select(s => s.Split('=', 2)).Select(s => KeyValuePair.Create<string, string?>(s[0], s[1]))
                    )
                    .Build()
            )
            .BuildServiceProvider();
}
