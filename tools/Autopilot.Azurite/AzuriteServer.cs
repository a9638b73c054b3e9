using System.Diagnostics;
using System.Net;
using System.Net.Sockets;

namespace Autopilot.Azurite;

/// <summary>
/// An Azurite of one's own on loopback: the local Table (and Queue) Storage of the demo and the tests. It ends with
/// <see cref="DisposeAsync"/>, and by itself when this process dies.
/// </summary>
public sealed class AzuriteServer : IAsyncDisposable
{
    /// <summary>The emulator's account, the same everywhere.</summary>
    public const string AccountName = "devstoreaccount1";

    /// <summary>The emulator's published key: no secret.</summary>
    public const string AccountKey = "Eby8vdM02xNOcqFlqUwJPLlmEtlCDXJ1OUzFT50uSRZ6IFsuFq2UVErCz4I6tq/K1SZFPTOtr/KBHBeksoGMGw==";

    private static readonly TimeSpan StartTimeout = TimeSpan.FromSeconds(60);

    private readonly AzuriteOptions _options;
    private readonly string _folder;
    private readonly EventHandler _onExit;
    private Process? _process;

    private AzuriteServer(AzuriteOptions options, string folder)
    {
        _options = options;
        _folder = folder;
        _onExit = (_, _) => Kill();
        AppDomain.CurrentDomain.ProcessExit += _onExit;
    }

    /// <summary>Port of the table service; the same after <see cref="ResumeAsync"/>.</summary>
    public int TablePort { get; private set; }

    /// <summary>Port of the queue service; 0 without one.</summary>
    public int QueuePort { get; private set; }

    /// <summary>The table service.</summary>
    public Uri TableEndpoint => new($"http://127.0.0.1:{TablePort}/{AccountName}");

    /// <summary>The queue service; null without one.</summary>
    public Uri? QueueEndpoint => _options.Queues ? new($"http://127.0.0.1:{QueuePort}/{AccountName}") : null;

    /// <summary>What a storage client needs.</summary>
    public string ConnectionString =>
        $"DefaultEndpointsProtocol=http;AccountName={AccountName};AccountKey={AccountKey};TableEndpoint={TableEndpoint};"
        + (QueueEndpoint is { } queues ? $"QueueEndpoint={queues};" : "");

    /// <summary>The process's id, for measurements; of one that has been stopped there is none.</summary>
    public int ProcessId => _process?.Id ?? throw new InvalidOperationException("Azurite does not run.");

    /// <summary>Whether the process runs.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Installs Azurite if that was never done, starts it and waits until it answers.</summary>
    /// <exception cref="AzuriteException">It cannot be installed or started; the message says what to do.</exception>
    public static async Task<AzuriteServer> StartAsync(AzuriteOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= new AzuriteOptions();
        var folder = await AzuriteInstallation.EnsureAsync(options.Progress, cancellationToken);
        var server = new AzuriteServer(options, folder);
        try
        {
            await server.RunAsync(options.TablePort, options.QueuePort, again: false, cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Stops it in good order: with a <see cref="AzuriteOptions.DataFolder"/> everything is on disk afterwards.</summary>
    public async Task StopAsync()
    {
        if (_process is not { } process)
        {
            return;
        }
        _process = null;
        if (!process.HasExited)
        {
            try
            {
                process.StandardInput.Close();
            }
            catch (IOException)
            {
                // It died in this very moment.
            }
            using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(8));
            try
            {
                await process.WaitForExitAsync(patience.Token);
            }
            catch (OperationCanceledException)
            {
                process.Kill(entireProcessTree: true);
                await process.WaitForExitAsync(CancellationToken.None);
            }
        }
        process.Dispose();
    }

    /// <summary>
    /// Starts it again after <see cref="StopAsync"/>, on the same ports. Data is back only with a <see cref="AzuriteOptions.DataFolder"/>.
    /// </summary>
    public Task ResumeAsync(CancellationToken cancellationToken = default) =>
        IsRunning ? Task.CompletedTask : RunAsync(TablePort, _options.Queues ? QueuePort : null, again: true, cancellationToken);

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        AppDomain.CurrentDomain.ProcessExit -= _onExit;
        await StopAsync();
    }

    private async Task RunAsync(int? tablePort, int? queuePort, bool again, CancellationToken cancellationToken)
    {
        // A port that was free a moment ago may be taken now, and one that we had may not be let go of yet.
        var attempts = tablePort is null || again ? 5 : 1;
        for (var attempt = 1; ; attempt++)
        {
            TablePort = tablePort ?? FreePort();
            QueuePort = _options.Queues ? queuePort ?? FreePort() : 0;
            var failure = await TryRunAsync(cancellationToken);
            if (failure is null)
            {
                return;
            }
            if (attempt == attempts || !failure.Contains("EADDRINUSE", StringComparison.Ordinal))
            {
                throw new AzuriteException($"Azurite did not start: {failure}");
            }
            await Task.Delay(TimeSpan.FromMilliseconds(300 * attempt), cancellationToken);
        }
    }

    private async Task<string?> TryRunAsync(CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("node")
        {
            WorkingDirectory = _folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var argument in Arguments())
        {
            start.ArgumentList.Add(argument);
        }

        var process = AzuriteInstallation.Start(start);
        var ready = new TaskCompletionSource<string?>(TaskCreationOptions.RunContinuationsAsynchronously);
        var said = new Queue<string>();
        void Hear(string? line)
        {
            if (line is null)
            {
                return;
            }
            lock (said)
            {
                said.Enqueue(line);
                if (said.Count > 10)
                {
                    said.Dequeue();
                }
            }
            // The table service is the last to start in both forms.
            if (line.Contains("Table service", StringComparison.Ordinal) && line.Contains("successfully", StringComparison.Ordinal))
            {
                ready.TrySetResult(null);
            }
        }
        process.OutputDataReceived += (_, e) => Hear(e.Data);
        process.ErrorDataReceived += (_, e) => Hear(e.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _process = process;

        var exited = process.WaitForExitAsync(cancellationToken);
        try
        {
            if (await Task.WhenAny(ready.Task, exited).WaitAsync(StartTimeout, cancellationToken) == ready.Task)
            {
                return null;
            }
        }
        catch (TimeoutException e)
        {
            throw new AzuriteException($"Azurite did not answer within {StartTimeout.TotalSeconds:0} s.", e);
        }
        await exited;
        _process = null;
        process.Dispose();
        lock (said)
        {
            return said.Count == 0 ? "it ended without a word" : string.Join(' ', said);
        }
    }

    private IEnumerable<string> Arguments()
    {
        yield return Path.Combine(_folder, "run.cjs");
        yield return _options.Queues ? "all" : "table";
        yield return "--silent";
        yield return "--skipApiVersionCheck";
        yield return "--disableTelemetry";
        foreach (var argument in (string[])["--tableHost", "127.0.0.1", "--tablePort", $"{TablePort}"])
        {
            yield return argument;
        }
        if (_options.Queues)
        {
            // The blob service comes with the queues; port 0 lets the system choose.
            foreach (
                var argument in (string[])
                    ["--queueHost", "127.0.0.1", "--queuePort", $"{QueuePort}", "--blobHost", "127.0.0.1", "--blobPort", "0"]
            )
            {
                yield return argument;
            }
        }
        if (_options.DataFolder is { } data)
        {
            yield return "--location";
            yield return Path.GetFullPath(data);
        }
        else
        {
            yield return "--inMemoryPersistence";
        }
    }

    private static int FreePort()
    {
        while (true)
        {
            using var listener = new TcpListener(IPAddress.Loopback, 0);
            listener.Start();
            var port = ((IPEndPoint)listener.LocalEndpoint).Port;
            if (port is < 10000 or > 10002)
            {
                return port;
            }
        }
    }

    private void Kill()
    {
        try
        {
            _process?.Kill(entireProcessTree: true);
        }
        catch (InvalidOperationException)
        {
            // It has ended already.
        }
    }
}
