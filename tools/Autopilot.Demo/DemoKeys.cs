namespace Autopilot.Demo;

/// <summary>Listens to the keyboard while the demo runs: <c>?</c> shows the hints again.</summary>
internal static class DemoKeys
{
    private static readonly TimeSpan ReadEvery = TimeSpan.FromMilliseconds(100);

    /// <summary>Calls <paramref name="hints"/> for each <c>?</c> until it is cancelled or the input ends. Never throws.</summary>
    public static async Task ListenAsync(Action hints, CancellationToken cancellationToken)
    {
        try
        {
            while (!cancellationToken.IsCancellationRequested)
            {
                if (await ReadAsync(cancellationToken) is not { } key)
                {
                    return;
                }

                if (key == '?')
                {
                    hints();
                }
            }
        }
        catch (Exception exception) when (exception is OperationCanceledException or IOException or InvalidOperationException)
        {
            // No keyboard, or it ends.
        }
    }

    /// <returns>The next character; null at the end of the input.</returns>
    private static async Task<char?> ReadAsync(CancellationToken cancellationToken)
    {
        if (Console.IsInputRedirected)
        {
            var one = new char[1];
            return await Task.Run(() => Console.In.Read(one, 0, 1), CancellationToken.None).WaitAsync(cancellationToken) == 1
                ? one[0]
                : null;
        }

        while (!Console.KeyAvailable)
        {
            await Task.Delay(ReadEvery, cancellationToken);
        }

        return Console.ReadKey(intercept: true).KeyChar;
    }
}
