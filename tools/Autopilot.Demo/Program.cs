return await Autopilot.Demo.DemoCommand.RunAsync(args);
