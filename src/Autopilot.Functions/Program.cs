return await Autopilot.Functions.FunctionApp.RunAsync(args, Console.Error);
