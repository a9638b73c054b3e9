return await Autopilot.Server.ServerCommand.RunAsync(args, Console.Out, Console.Error);
