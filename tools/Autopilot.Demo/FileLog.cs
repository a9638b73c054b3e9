using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Autopilot.Demo;

/// <summary>The server's log, in a file: a line each, so that the terminal is free for what the demo prints.</summary>
internal sealed class FileLog(string path, TimeProvider clock) : ILoggerProvider
{
    private readonly StreamWriter _file = new(path, append: false) { AutoFlush = true };
    private readonly Lock _gate = new();

    public ILogger CreateLogger(string categoryName) => new Category(this, categoryName);

    public void Dispose()
    {
        lock (_gate)
        {
            _file.Dispose();
        }
    }

    private void Write(LogLevel level, string category, string message, Exception? exception)
    {
        var time = clock.GetUtcNow().UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.fff", CultureInfo.InvariantCulture);
        lock (_gate)
        {
            if (_file.BaseStream is { CanWrite: true })
            {
                _file.WriteLine($"{time} {level, -11} {category}: {message}{(exception is null ? "" : Environment.NewLine + exception)}");
            }
        }
    }

    private sealed class Category(FileLog log, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        ) => log.Write(logLevel, name, formatter(state, exception), exception);
    }
}
