// Runs an ONNX file in onnxruntime-web: node run.mjs <node_modules> <model.onnx> <inputs.json>
// inputs.json has for every input its type, dims and data; the outputs are printed in the same form.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

const [modules, modelFile, inputsFile] = process.argv.slice(2);
const ort = createRequire(modules + '/')('onnxruntime-web');
ort.env.wasm.numThreads = 1;
ort.env.logLevel = 'error';

const feeds = {};
for (const [name, { type, dims, data }] of Object.entries(JSON.parse(readFileSync(inputsFile)))) {
  const values = type === 'float32' ? Float32Array.from(data) : type === 'uint32' ? Uint32Array.from(data) : data;
  feeds[name] = new ort.Tensor(type, values, dims);
}

const session = await ort.InferenceSession.create(readFileSync(modelFile));
const results = await session.run(feeds);
const outputs = {};
for (const [name, tensor] of Object.entries(results)) {
  outputs[name] = { type: tensor.type, dims: tensor.dims, data: Array.from(tensor.data, x => Number.isNaN(x) ? 'NaN' : typeof x === 'string' ? x : Number(x)) };
}

console.log(JSON.stringify(outputs));
