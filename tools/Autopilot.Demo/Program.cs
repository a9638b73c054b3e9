using System.Text;

Console.OutputEncoding = new UTF8Encoding(encoderShouldEmitUTF8Identifier: false);
return await Autopilot.Demo.DemoCommand.RunAsync(args, Console.Out, Console.Error);
