/** What a program of a test has of our environment: where programs are, and sources that are compiled already. */
const { PATH, NODE_COMPILE_CACHE } = process.env;

export const childEnv: Readonly<Record<string, string>> = {
  PATH: PATH ?? '',
  ...(NODE_COMPILE_CACHE === undefined ? {} : { NODE_COMPILE_CACHE }),
};
