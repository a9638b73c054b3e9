using Autopilot.Core.Settings;
using Autopilot.Core.Tracking;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Options;

namespace Autopilot.Core.Tests.Settings;

public sealed class SettingsReaderTests
{
    [Theory]
    [InlineData(null, false)]
    [InlineData("", false)]
    [InlineData(" \t", false)]
    [InlineData(" x ", true)]
    public void Blanks_are_not_given(string? value, bool given) => Assert.Equal(given, Reader(("A", value)).IsGiven("A"));

    [Fact]
    public void A_long_value_is_shown_cut()
    {
        Assert.Equal(new string('x', 80), SettingsReader.Shown(new string('x', 80)));
        Assert.Equal(new string('x', 80) + "…", SettingsReader.Shown(new string('x', 81)));
    }

    [Theory]
    [InlineData("1", 1)]
    [InlineData("60", 60)]
    [InlineData("+7", 7)]
    public void A_number_may_lie_on_its_bounds(string given, int expected) =>
        Assert.Equal(expected, Reader(("A", given)).Integer("A", 5, 1, 60));

    [Theory]
    [InlineData("00:00:00.5", "00:00:00.5000000")]
    [InlineData("1.12:00:00", "1.12:00:00")]
    public void A_duration_may_lie_on_its_bounds(string given, string expected) =>
        Assert.Equal(
            expected,
            Reader(("A", given)).Duration("A", TimeSpan.Zero, TimeSpan.FromSeconds(0.5), TimeSpan.FromDays(1.5)).ToString("c")
        );

    [Theory]
    [InlineData("00:00:00.4")]
    [InlineData("1.12:00:01")]
    [InlineData("10")]
    public void A_duration_out_of_range_is_reported_with_the_range_in_plain_words(string given)
    {
        var reader = Reader(("A", given));

        Assert.Equal(
            TimeSpan.FromSeconds(1),
            reader.Duration("A", TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(0.5), TimeSpan.FromDays(1.5))
        );
        Assert.Equal(
            [$"A is '{given}': give a duration from 00:00:00.5 to 1.12:00:00, written [days.]hours:minutes:seconds."],
            reader.Failures
        );
    }

    [Fact]
    public void A_bound_of_a_day_is_written_whole()
    {
        var reader = Reader(("A", "x"));

        reader.Duration("A", TimeSpan.Zero, TimeSpan.FromDays(1), TimeSpan.FromDays(10));

        Assert.Contains("from 1.00:00:00 to 10.00:00:00", Assert.Single(reader.Failures), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("+0")]
    [InlineData("-0")]
    [InlineData("0")]
    public void A_choice_is_a_name_and_no_number(string given)
    {
        var reader = Reader(("A", given));

        Assert.Equal(FanOutMode.Queue, reader.Choice("A", FanOutMode.Queue));
        Assert.Equal([$"A is '{given}': give one of Inline, Queue."], reader.Failures);
    }

    [Fact]
    public void A_list_leaves_blank_entries_out()
    {
        var reader = Reader(("A:0", "x"), ("A:1", " "), ("A:2", "y"));

        Assert.Equal([("A:0", "x"), ("A:2", "y")], reader.List("A"));
        Assert.Empty(reader.Failures);
    }

    [Fact]
    public void A_blank_secret_must_not_pass_for_none()
    {
        var reader = Reader(("A:0", "x"), ("A:1", ""), ("A:2", "@Microsoft.KeyVault(x)"));

        Assert.Equal([("A:0", "x")], reader.SecretList("A"));
        Assert.Equal(2, reader.Failures.Count);
        Assert.Equal("A:1 is blank: give a value, or leave the setting out.", reader.Failures[0]);
        Assert.StartsWith("A:2 is a Key Vault reference", reader.Failures[1], StringComparison.Ordinal);
    }

    [Fact]
    public void A_list_given_as_one_value_is_reported_without_showing_a_secret()
    {
        var reader = Reader(("A", "hush"));

        reader.List("A");
        reader.SecretList("A");

        Assert.Equal(
            ["A is 'hush': it is a list, so give A:0, A:1, …", "A is a single value: it is a list, so give A:0, A:1, …"],
            reader.Failures
        );
    }

    [Fact]
    public void A_reference_that_is_read_twice_is_reported_once()
    {
        var reader = Reader(("A", " @microsoft.keyvault(x)"));

        Assert.Null(reader.Text("A"));
        Assert.Null(reader.Text("A"));
        Assert.Single(reader.Failures);
    }

    [Fact]
    public void All_that_is_wrong_is_thrown_together_and_nothing_when_all_is_well()
    {
        var reader = Reader();
        reader.ThrowIfInvalid(typeof(PollingOptions));
        reader.Fail("One.");
        reader.Fail("Two.");

        var thrown = Assert.Throws<OptionsValidationException>(() => reader.ThrowIfInvalid(typeof(PollingOptions)));
        Assert.Equal(["One.", "Two."], thrown.Failures);
        Assert.Equal("PollingOptions", thrown.OptionsName);
    }

    private static SettingsReader Reader(params (string Key, string? Value)[] settings) =>
        new(
            new ConfigurationBuilder()
                .AddInMemoryCollection(settings.ToDictionary(setting => setting.Key, setting => setting.Value))
                .Build()
        );
}
