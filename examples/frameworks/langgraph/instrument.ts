import { LangChainInstrumentation } from '@arizeai/openinference-instrumentation-langchain';
import * as callbackManager from '@langchain/core/callbacks/manager';
import { NodeSDK } from '@opentelemetry/sdk-node';

export function instrument(serviceName: string): NodeSDK {
  const sdk = new NodeSDK({ serviceName });
  sdk.start();
  new LangChainInstrumentation().manuallyInstrument(callbackManager);
  return sdk;
}
