return await Autopilot.Cli.CliCommand.RunAsync(args, Console.Out, Console.Error);
