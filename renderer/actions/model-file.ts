/** A pack, a bundle or a bare model by the ending of its name; main looks inside. */
export const isModelFile = (name: string): boolean => /\.(?:outpack|outpost|onnx)$/iu.test(name);
