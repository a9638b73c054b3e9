return await Autopilot.Simulator.SimulatorCommand.RunAsync(args, Console.Out, Console.Error);
