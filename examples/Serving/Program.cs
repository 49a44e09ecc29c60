using BpTrainer.Examples.Serving;

// dotnet run --project examples/Serving -- iris.zip --urls http://localhost:5000
// curl -H 'Content-Type: application/json' -d '{"features":[5.1,3.5,1.4,0.2]}' http://localhost:5000/predict
if (args is not [string model, ..] || !File.Exists(model))
{
    Console.Error.WriteLine("The first argument must be the file of a saved pipeline that predicts a species of iris.");
    return 1;
}

Server.Build(model, args[1..]).Run();
return 0;
