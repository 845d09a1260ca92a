import type { ServiceDefinition, UntypedServiceImplementation } from '@grpc/grpc-js';
import { fromJSON } from '@grpc/proto-loader';
import descriptor from './protocol.json' with { type: 'json' };

/**
 * The services of test/fixtures/proto/grpc_service.proto and health.proto. They are read from protocol.json, the same
 * descriptors as data, so that the built program needs no file beside it; a test holds the two together.
 */
export function protocol(): {
  readonly inference: ServiceDefinition<UntypedServiceImplementation>;
  readonly health: ServiceDefinition<UntypedServiceImplementation>;
} {
  // Without `longs`, 64-bit integers come as two exact halves; raw contents come as views into the message.
  const read = fromJSON(descriptor as Parameters<typeof fromJSON>[0], {
    defaults: true,
    enums: String,
    oneofs: true,
  });
  return {
    inference: serviceOf(read['inference.GRPCInferenceService']),
    health: serviceOf(read['grpc.health.v1.Health']),
  };
}

function serviceOf(definition: unknown): ServiceDefinition<UntypedServiceImplementation> {
  if (typeof definition !== 'object' || definition === null) throw new Error('protocol.json lacks a service');
  return definition as ServiceDefinition<UntypedServiceImplementation>;
}
